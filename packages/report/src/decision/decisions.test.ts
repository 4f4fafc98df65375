import { join } from 'node:path';
import {
  binarySamples,
  type DecisionReport,
  mcnemarTest,
  type MetricEstimate,
} from '@nonlocal-med/metrics';
import { readRun, type RunRecord } from '@nonlocal-med/runs';
import { type SyntheticRun, temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { compareRunRecords } from '../compare/compareRunRecords.js';
import { renderRuns } from '../compare/renderRuns.js';
import { runsToText } from '../compare/runsToText.js';
import { markdownTable } from '../tables/markdownTable.js';
import { styleTable } from '../tables/table.js';
import {
  decisionLines,
  describeOperatingPoint,
  operatingLines,
  thresholdText,
} from './describeDecision.js';

const root = await temporaryFolder('decisions');

async function syntheticRun(name: string, options: Partial<SyntheticRun> = {}): Promise<RunRecord> {
  const folder = join(root, name);
  await writeSyntheticRun(folder, { model: name, skill: 1.2, decided: true, ...options });
  return readRun(folder);
}

const formatTable = (columns: never, rows: never): string =>
  markdownTable(styleTable({ columns, rows }));

describe('the operating points of a training', () => {
  it('are one sentence each, and the first few of many', async () => {
    const { metrics } = await syntheticRun('trained');
    const report = metrics!.decision!.selected!;
    const [first, ...others] = operatingLines(report);
    expect(first).toBe(`grade 0: ${describeOperatingPoint(report.points[0], report)}`);
    expect(others).toHaveLength(2);
    const many = operatingLines({ ...report, points: [...report.points, ...report.points] });
    expect(many.slice(4)).toEqual(['... and 2 more operating points; evaluate lists all']);
  });
});

describe('two runs at their operating points', () => {
  it("are compared by McNemar's test, each with its own threshold", async () => {
    const runs = [await syntheticRun('first'), await syntheticRun('second', { seed: 5 })];
    const [{ operatingPoints }] = compareRunRecords(runs, { resamples: 40 }).differences;
    expect(operatingPoints.map(({ point }) => point)).toEqual([
      'grade 0: youden',
      'grade 1: youden',
      'grade 2: youden',
    ]);
    const [{ thresholds, comparison }] = operatingPoints;
    const calls = runs.map(({ predictions, metrics }) => {
      const { labels, scores } = binarySamples(predictions.selected!, 'grade 0');
      const { threshold } = metrics!.decision!.selected!.points[0].chosen;
      return { labels, threshold, called: scores.map((s) => (s >= threshold ? 1 : 0)) };
    });
    expect(thresholds).toEqual({ a: calls[1].threshold, b: calls[0].threshold });
    const { labels } = calls[0];
    const ofPositives = (values: ArrayLike<number>): number[] =>
      Array.from(values).filter((_, i) => labels[i] === 1);
    expect(comparison.mcnemar.sensitivity).toEqual(
      mcnemarTest(ofPositives(labels), ofPositives(calls[1].called), ofPositives(calls[0].called)),
    );
  });

  it('are shown as text, Markdown and CSV', async () => {
    const runs = [await syntheticRun('a'), await syntheticRun('b', { seed: 5 })];
    const comparison = compareRunRecords(runs, { resamples: 40 });
    const [{ operatingPoints }] = comparison.differences;
    const { a, difference } = operatingPoints[0].comparison.rates.sensitivity;
    const p = operatingPoints[0].comparison.mcnemar.sensitivity.midPValue;
    const text = runsToText(comparison, { formatTable } as never);
    expect(text).toContain('grade 0: youden');
    expect(text.replaceAll('\n', ' ')).toContain("p by McNemar's test (mid-p)");
    expect(renderRuns(comparison, 'md')).toContain('| grade 0: youden | sensitivity |');
    expect(renderRuns(comparison, 'csv')).toContain(
      `b,sensitivity at grade 0: youden,selected,${a},,,a,${difference},`,
    );
    expect(renderRuns(comparison, 'csv')).toContain(`,${p},\n`);
  });

  it('resample patients where they are known, and need operating points', async () => {
    const grouped = [
      await syntheticRun('p', { imagesPerPatient: 3 }),
      await syntheticRun('q', { imagesPerPatient: 3, seed: 5 }),
    ];
    const comparison = compareRunRecords(grouped, { resamples: 40 });
    expect(comparison.differences[0].operatingPoints[0].grouped).toBe(true);
    expect(runsToText(comparison, { formatTable } as never).replaceAll('\n', ' ')).toContain(
      'p by the paired bootstrap over whole patients',
    );
    const older = [await syntheticRun('first'), await syntheticRun('older', { decided: false })];
    expect(compareRunRecords(older, { resamples: 40 }).differences[0].operatingPoints).toEqual([]);
  });
});

const estimate = (value: number, lower: number, upper: number): MetricEstimate => ({
  value,
  interval: { lower, upper, method: 'clopper-pearson' },
});

describe('an operating point in words', () => {
  it('says what it is in one sentence', () => {
    const point = {
      chosen: {
        threshold: 0.3123,
        goal: { kind: 'specificity', target: 0.95 },
        positive: ['referable'],
      },
      test: {
        sensitivity: estimate(0.923, 0.841, 0.97),
        specificity: estimate(0.951, 0.9, 0.9801),
      },
    } as unknown as DecisionReport['points'][number];
    expect(describeOperatingPoint(point, { samples: 81, calibrated: false })).toBe(
      'Sensitivity 92.3 % (84.1 to 97.0) at specificity 95.1 % (90.0 to 98.0), threshold 0.31 chosen on 81 validation images for a specificity of at least 95 %.',
    );
    expect(describeOperatingPoint(point, { samples: 81, groups: 40, calibrated: true })).toContain(
      'threshold 0.31 of the calibrated probability chosen on 81 validation images of 40 patients',
    );
  });

  it('shows a threshold near 0 or 1 with enough digits', () => {
    expect([0.5, 0.1049, 0.0123, 0.00012, 0.9987, 3e-7].map(thresholdText)).toEqual([
      '0.50',
      '0.10',
      '0.012',
      '0.00012',
      '0.9987',
      '3.00e-7',
    ]);
  });

  it('is followed by predictive values and the calibration', async () => {
    const { metrics } = await syntheticRun('first');
    const lines = decisionLines(metrics!.decision!.selected!);
    expect(lines[0]).toMatch(/^grade 0: Sensitivity \d+\.\d % /);
    expect(lines[1]).toMatch(/^ {2}PPV \d.* with 16 of 60 test images positive$/);
    expect(lines.at(-1)).toMatch(
      /^Calibration \(temperature \d\.\d+, not applied\): calibration error 0\.\d{3} \(.*\) -> 0\.\d{3} /,
    );
  });
});
