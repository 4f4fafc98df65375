import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  evaluatePredictions,
  type EvaluationReport,
  predictionsFromCsv,
  rocBand,
} from '@nonlocal-med/metrics';
import { readExperimentFolder, readRun } from '@nonlocal-med/runs';
import {
  temporaryFolder,
  writeSyntheticExperiment,
  writeSyntheticRun,
} from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareRunRecords } from './compare/compareRunRecords.js';
import { renderRuns } from './compare/renderRuns.js';
import { runsToText } from './compare/runsToText.js';
import { renderSummary } from './experimentTables/renderSummary.js';
import { classCurve } from './page/figure/classCurve.js';
import { reportPage } from './page/reportPage.js';
import { summarizeExperiment } from './statistics/summarizeExperiment.js';
import { evaluationTable } from './tables/evaluationTable.js';
import type { Table } from './tables/table.js';

const folder = await temporaryFolder('one-interval');
const first = join(folder, 'first');
const second = join(folder, 'second');
/** Three images of one patient with the same truth: intervals over images would be too narrow. */
const patients = { images: 90, imagesPerPatient: 3, selected: false };
const formatTable = ({ columns, rows }: Table): string =>
  [columns.map(({ title }) => title), ...rows].map((cells) => cells.join('  ')).join('\n');
const text = {
  formatTable: (columns: Table['columns'], rows: Table['rows']) => formatTable({ columns, rows }),
  width: 200,
};

/** `metrics.json`, read without any code of this project. */
const metricsOf = (run: string): EvaluationReport =>
  (JSON.parse(readFileSync(join(run, 'metrics.json'), 'utf8')) as { last: EvaluationReport }).last;

beforeAll(async () => {
  await writeSyntheticRun(first, { model: 'resnet18', skill: 1, seed: 3, ...patients });
  await writeSyntheticRun(second, { model: 'resnet18-se', skill: 1.4, seed: 4, ...patients });
});

describe('the interval of a number in a run with patients', () => {
  it('is over whole patients in metrics.json, which differs from one over images', () => {
    const { bootstrap, metrics } = metricsOf(first);
    expect(bootstrap).toMatchObject({ grouped: true });
    const predictions = predictionsFromCsv(
      readFileSync(join(first, 'predictions/test-last.csv'), 'utf8'),
    );
    const overImages = evaluatePredictions(predictions, { bootstrap: { ...bootstrap } });
    expect(overImages.metrics.sensitivity.value).toBe(metrics.sensitivity.value);
    expect(overImages.metrics.sensitivity.interval).not.toEqual(metrics.sensitivity.interval);
  });

  it.each(['auc', 'sensitivity', 'accuracy'] as const)(
    'is the same for %s in terminal, metrics.json, page, compare and tables',
    async (metric) => {
      const { value, interval } = metricsOf(first).metrics[metric];
      const { lower, upper } = interval!;
      const inTerminal = `${value!.toFixed(3)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;

      const run = await readRun(first);
      const terminal = evaluationTable([{ name: 'x', report: run.metrics!.last }]);
      expect(terminal.rows[0]).toContain(inTerminal);

      const page = await reportPage({ runs: [first] });
      const percent = (fraction: number): string => (100 * fraction).toFixed(2);
      expect(page).toContain(
        `${percent(value!)}<br /><small>${percent(lower)} to ${percent(upper)}</small>`,
      );

      const comparison = compareRunRecords([run, await readRun(second)], { resamples: 20 });
      expect(runsToText(comparison, text)).toContain(inTerminal);
      expect(renderRuns(comparison, 'csv')).toContain(
        `first,${metric},last,${value},${lower},${upper},`,
      );

      const experiment = join(folder, `experiment-${metric}`);
      const skills = { resnet18: 1 };
      await writeSyntheticExperiment(experiment, {
        skills,
        kind: 'seeds',
        repeats: 1,
        ...patients,
      });
      const table = summarizeExperiment(await readExperimentFolder(experiment), { resamples: 20 });
      const recorded = metricsOf(join(experiment, 'runs/resnet18/0')).metrics[metric].interval!;
      expect(table.rows[0].metrics[metric].interval).toEqual({
        lower: recorded.lower,
        upper: recorded.upper,
      });
      expect(renderSummary(table, 'md')).toContain(
        `${(100 * recorded.lower).toFixed(1)} to ${(100 * recorded.upper).toFixed(1)}`,
      );
    },
  );

  it('is the same for a difference on the page and in compare, and over whole patients', async () => {
    const runs = [await readRun(first), await readRun(second)];
    const [{ comparison, pValues }] = compareRunRecords(runs).differences;
    expect(comparison.groups).toBe(new Set(runs[0].predictions.last!.groups).size);
    expect(comparison).toMatchObject({ accuracy: null });
    const { difference, lower, upper } = comparison.metrics.auc!;
    const points = (value: number): string =>
      `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(2)}`;
    const page = (await reportPage({ runs: [first, second] })).replaceAll(/\s+>/g, '>');
    expect(page).toContain(
      `${points(difference!)}<br /><small>${points(lower!)} to ${points(upper!)}</small>`,
    );
    expect(page).toContain(`(paired bootstrap, p = ${pValues.auc.pValue!.toFixed(3)})`);
    expect(page).not.toContain('several images of one patient as independent');
    expect(page).toContain('over the test patients (all images of a patient together), as in');

    const overImages = compareRunRecords(
      runs.map((run) => ({
        ...run,
        predictions: { last: { ...run.predictions.last!, groups: undefined }, selected: null },
      })),
    );
    expect(overImages.differences[0].comparison.metrics.auc!.difference).toBe(difference);
    expect(overImages.differences[0].comparison.metrics.auc!.lower).not.toBe(lower);
  });

  it('says which runs do not know their patients, and in whose data something was found', async () => {
    const without = join(folder, 'without');
    const cautions = ['The given split leaks.'];
    const model = { skill: 1, seed: 3, ...patients, imagesPerPatient: undefined, cautions };
    await writeSyntheticRun(without, { model: 'plain', ...model });
    const page = (await reportPage({ runs: [first, without] })).replaceAll(/\s+/g, ' ');
    expect(page).toContain(
      'over the test patients (all images of a patient together), but over the test images for plain, whose patients are not known, as in',
    );
    expect(page).toContain('over the test patients (test images for plain).');
    expect(page).toContain('<strong>Caution:</strong> plain: The given split leaks.</p>');
    const alone = (await reportPage({ runs: [without] })).replaceAll(/\s+/g, ' ');
    expect(alone).toContain('<strong>Caution:</strong> The given split leaks.</p>');
    expect(alone).toContain('over the test images, as in');
    expect(await reportPage({ runs: [first] })).not.toContain('split leaks');
    const { environment } = await readRun(without);
    const comparison = compareRunRecords([
      await readRun(first),
      { ...(await readRun(second)), environment },
    ]);
    expect(runsToText(comparison, text)).toContain('Caution: second: The given split leaks.');
    const byClass = new RegExp('Results by class, .*?</table>').exec(alone)![0];
    const { value, interval } = metricsOf(without).perClass[0].auc;
    const percent = (fraction: number): string => (100 * fraction).toFixed(2);
    expect(byClass.replaceAll(/<[^>]+>/g, '')).toContain(
      `${percent(value!)} (${percent(interval!.lower)} to ${percent(interval!.upper)})`,
    );
  });

  it('is over whole patients for the bands of curves', async () => {
    const predictions = (await readRun(first)).predictions.last!;
    const { labels, probabilities, groups } = predictions;
    const curve = classCurve('roc', [predictions], 'grade 1')!;
    const isPositive = labels.map((label) => Number(label === 1));
    const scores = Float64Array.from(labels, (_, i) => probabilities[3 * i + 1]);
    const options = { points: 51, resamples: 500, seed: 0 };
    expect(curve.band).toEqual(rocBand(isPositive, scores, { ...options, groups }));
    expect(curve.band).not.toEqual(rocBand(isPositive, scores, options));
  });

  it('stays that of metrics.json in a run that did not record its patients, with a note', async () => {
    const former = join(folder, 'former');
    await writeSyntheticRun(former, { model: 'former', skill: 1, seed: 3, ...patients });
    rmSync(join(former, 'predictions/test-groups.csv'));
    const { lower, upper } = metricsOf(former).metrics.sensitivity.interval!;
    const page = await reportPage({ runs: [former] });
    expect(page).toContain(`${(100 * lower).toFixed(2)} to ${(100 * upper).toFixed(2)}</small>`);
    expect(page).toContain('does not record which images belong to one patient');
  });
});
