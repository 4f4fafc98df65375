import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FindingPredictions } from '@nonlocal-med/core';
import { compareTask, predictionsToCsv } from '@nonlocal-med/metrics';
import {
  externalRun,
  predictionsFileRun,
  readExperimentFolder,
  readRun,
  type RunRecord,
  withExternalRows,
} from '@nonlocal-med/runs';
import {
  syntheticFindings,
  temporaryFolder,
  writeSyntheticExperiment,
  writeSyntheticRun,
} from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareRunRecords } from './compare/compareRunRecords.js';
import { runsToText } from './compare/runsToText.js';
import { summaryToText } from './experimentTables/summaryToText.js';
import { readerMarks } from './page/figure/readerMarks.js';
import type { PageRun } from './page/pageModel.js';
import { reportPage } from './page/reportPage.js';
import { summarizeExperiment } from './statistics/summarizeExperiment.js';
import type { Table } from './tables/table.js';

const folder = await temporaryFolder('finding-rows');
const findings = ['effusion', 'mass'];
const formatTable = (columns: Table['columns'], rows: Table['rows']): string =>
  [columns.map(({ title }) => title), ...rows].map((row) => row.join('  ')).join('\n');
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

let run: RunRecord;
let tested: FindingPredictions;
let vendor: RunRecord;
let readers: RunRecord;
/** Calls of a reader who errs about every third, fourth ... finding. */
const callsOf = (reader: number): string => {
  const rows = tested.ids.map((id, i) => {
    const calls = findings.map((_, f) => {
      const cell = i * findings.length + f;
      const truth = Math.max(tested.labels[cell], 0);
      return cell % (reader + 3) === 0 ? 1 - truth : truth;
    });
    return `${id},${calls.join(',')}`;
  });
  return `id,${findings.join(',')}\n${rows.join('\n')}\n`;
};

beforeAll(async () => {
  await writeSyntheticRun(join(folder, 'run'), { model: 'chest', skill: 1, findings, images: 80 });
  run = await readRun(join(folder, 'run'));
  tested = run.predictions.selected as FindingPredictions;
  const better = {
    ...tested,
    probabilities: tested.probabilities.map((p, i) => (p + Math.max(tested.labels[i], 0)) / 2),
  };
  const file = write('vendor.csv', predictionsToCsv(better));
  vendor = await externalRun({ name: 'Vendor', files: [file] }, run);
  const files = ['ana', 'ben', 'cem'].map((name, reader) => write(`${name}.csv`, callsOf(reader)));
  readers = await externalRun({ name: 'Readers', files }, run);
});

describe('findings predicted elsewhere, as rows', () => {
  it('are compared with a run by the same tests as another run', () => {
    const comparison = compareRunRecords([run, vendor], { resamples: 100, weights: 'selected' });
    const [a, b] = [vendor.predictions.selected!, tested];
    const { auc, metrics } = compareTask(a, b, { resamples: 100 });
    const [{ comparison: found }] = comparison.differences;
    expect(found.auc).toEqual(auc);
    expect(metrics).toMatchObject(found.metrics);
    expect(comparison.runs[1].system).toMatchObject({ kind: 'file', readers: [] });
  });

  it('may be files alone, the first in the format of a run', async () => {
    const file = write('alone.csv', predictionsToCsv(tested));
    const alone = await predictionsFileRun({ name: 'alone', files: [file] });
    expect(alone.predictions.last!.probabilities).toEqual(tested.probabilities);
    const second = await externalRun({ name: 'second', files: [file] }, alone);
    const { differences } = compareRunRecords([alone, second], { resamples: 20 });
    expect(differences[0].comparison.auc.difference).toBe(0);
  });

  it('of readers have their sensitivity and specificity for each finding, and no AUC', () => {
    const comparison = compareRunRecords([run, readers], { resamples: 100, weights: 'selected' });
    const text = runsToText(comparison, { formatTable });
    expect(text).toContain('reader  finding  sensitivity  specificity  images\nana  effusion  ');
    expect(text).toMatch(/majority {2}mass {2}\d/);
    expect(text).toContain('Readers: ');
    expect(text).toContain('AUC and calibration are not defined.');
    const { points } = comparison.runs[1].system!.readers[0];
    const mass = [...tested.ids.keys()].filter((i) => tested.labels[2 * i + 1] === 1);
    expect(points[1]).toMatchObject({
      class: 'mass',
      positives: mass.length,
      sensitivity: mass.filter((i) => (2 * i + 1) % 3 !== 0).length / mass.length,
    });
    const { metrics } = comparison.differences[0].comparison;
    expect(metrics.auc).toMatchObject({ a: null, difference: null });
    expect(metrics.sensitivity!.difference).not.toBeNull();
  });

  it('of readers are points in the curves of each finding', async () => {
    const marks = readerMarks('roc', readers as PageRun, 'mass');
    expect(marks.map(({ name, isMajority }) => [name, isMajority])).toEqual([
      ['ana', false],
      ['ben', false],
      ['cem', false],
      ['majority', true],
    ]);
    const page = await reportPage({ runs: [run, readers] });
    expect(page).toContain('Circles are readers, who have no curve');
  });
});

describe('an experiment with findings', () => {
  it('has rows of predictions made elsewhere, compared in every repeat', async () => {
    const path = join(folder, 'experiment');
    await writeSyntheticExperiment(path, {
      skills: { resnet18: 0.6, 'resnet18-nla': 2 },
      kind: 'seeds',
      repeats: 2,
      images: 60,
      findings,
    });
    const record = await readExperimentFolder(path);
    const other = syntheticFindings({ findings, images: 60, skill: 3, seed: 9 });
    const reference = record.runs[0].run!.predictions.last as FindingPredictions;
    const file = write(
      'hynet.csv',
      predictionsToCsv({ ...reference, groups: undefined, probabilities: other.probabilities }),
    );
    const summary = summarizeExperiment(
      await withExternalRows(record, [{ name: 'Vendor 2', files: [file] }]),
      { resamples: 50 },
    );
    const row = summary.rows.find(({ title }) => title === 'Vendor 2')!;
    expect(row.metrics['auc of mass'].mean).not.toBeNull();
    expect(row.comparison!.metrics['auc of mass'].onImages!.test).toBe('DeLong');
    expect(summaryToText(summary, { formatTable })).toContain('Vendor 2');
  });
});
