import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Predictions } from '@nonlocal-med/core';
import {
  averagePredictions,
  comparePredictions,
  evaluatePredictions,
  predictionsToCsv,
} from '@nonlocal-med/metrics';
import {
  ensembleRun,
  externalRun,
  readExperimentFolder,
  readRun,
  withExternalRows,
} from '@nonlocal-med/runs';
import {
  syntheticPredictions,
  temporaryFolder,
  writeSyntheticExperiment,
} from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareRunRecords } from '../compare/compareRunRecords.js';
import { summaryToText } from '../experimentTables/summaryToText.js';
import { summarizeExperiment } from './summarizeExperiment.js';

const root = await temporaryFolder('systems');
const classes = ['none', 'some'];
const folderOf = (kind: string): string => join(root, kind);
const vendor = { classes, skill: 1.5, seed: 77 };
const write = (name: string, text: string): string => {
  const file = join(root, name);
  writeFileSync(file, text);
  return file;
};

beforeAll(async () => {
  for (const kind of ['seeds', 'splits'] as const)
    await writeSyntheticExperiment(folderOf(kind), {
      skills: { resnet18: 0.5, 'resnet18-nla': 1.5 },
      classes,
      kind,
      repeats: 3,
    });
});

describe('ensembles in the table of an experiment', () => {
  it('are rows below the single models, compared with them on the same images', async () => {
    const plain = summarizeExperiment(await readExperimentFolder(folderOf('seeds')), {
      resamples: 200,
    });
    const record = await readExperimentFolder(folderOf('seeds'), { ensembles: true });
    const summary = summarizeExperiment(record, { resamples: 200 });
    expect(summary.rows.map(({ title }) => title)).toEqual([
      'resnet18',
      'resnet18, ensemble of 3',
      'resnet18-nla',
      'resnet18-nla, ensemble of 3',
      'hynet',
    ]);
    expect(summary.rows[0].metrics).toEqual(plain.rows[0].metrics);
    const members = record.runs.flatMap(({ row, run }) =>
      row === 'resnet18-nla' ? [run!.predictions.last as Predictions] : [],
    );
    const ensemble = averagePredictions(members);
    const row = summary.rows[3];
    const { value, interval } = evaluatePredictions(ensemble, { bootstrap: { seed: 0 } }).metrics
      .auc;
    expect(row.metrics.auc).toMatchObject({
      values: [value, null, null],
      standardDeviation: null,
      interval: { lower: interval!.lower, upper: interval!.upper },
    });
    const expected = comparePredictions(ensemble, members, { metrics: [], resamples: 1 });
    const { onImages } = row.comparison!.metrics.auc;
    expect(row.comparison!.baseline).toBe('resnet18-nla');
    expect(onImages).toMatchObject({ test: 'DeLong' });
    expect(onImages!.pValue).toBeCloseTo(expected.auc.pValue!, 12);
    expect(row.comparison!.metrics.auc.mean).toBeCloseTo(expected.auc.difference!, 12);
    expect(row.system).toMatchObject({
      kind: 'ensemble',
      sources: [0, 1, 2].map((i) => ({ path: join(folderOf('seeds'), `runs/resnet18-nla/${i}`) })),
    });
    expect([summary.planned, summary.finished]).toEqual([6, 6]);
  });

  it('are refused with the reason where each repeat has its own test images', async () => {
    const record = await readExperimentFolder(folderOf('splits'), { ensembles: true });
    const { rows, notes } = summarizeExperiment(record, { resamples: 20 });
    expect(rows).toHaveLength(3);
    expect(notes.at(-1)).toMatch(
      /^No ensembles: each repeat has its own test images, on which others were trained\./,
    );
  });
});

describe('predictions made elsewhere in the table of an experiment', () => {
  it('fill the row that they are called like, and are judged on the test images of each repeat', async () => {
    const record = await readExperimentFolder(folderOf('splits'));
    const all = new Map(
      [0, 1, 2].flatMap((split) => {
        const { ids, labels, probabilities } = syntheticPredictions({ ...vendor, split });
        return ids.map((id, i) => [id, { label: labels[i], p: probabilities[2 * i + 1] }] as const);
      }),
    );
    const file = write(
      'hynet.csv',
      `id,probability\n${[...all].map(([id, { p }]) => `${id},${p}`).join('\n')}\n`,
    );
    const extended = await withExternalRows(record, [{ name: 'HyNet', files: [file] }]);
    const { rows, finished } = summarizeExperiment(extended, { resamples: 50 });
    const row = rows.find(({ key }) => key === 'hynet')!;
    expect(row).toMatchObject({
      title: 'hynet',
      reproduced: true,
      published: { AUC: [94.17, 1.03] },
    });
    const values = [0, 1, 2].map((repeat) => {
      const { ids, labels } = record.runs.find((run) => run.repeat === repeat)!.run!.predictions
        .last!;
      const probabilities = Float64Array.from(
        ids.flatMap((id) => [1 - all.get(id)!.p, all.get(id)!.p]),
      );
      return evaluatePredictions({ classes, ids, labels, probabilities }).metrics.auc.value;
    });
    expect(row.metrics.auc.values).toEqual(values);
    expect(finished).toBe(6);
    expect(row.system!.sources[0].sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('may be those of readers: decisions without an AUC, each reader with sensitivity and specificity', async () => {
    const record = await readExperimentFolder(folderOf('seeds'));
    const { ids, labels } = record.runs[0].run!.predictions.last!;
    const lines = ids.map((id, i) => {
      const wrong = classes[1 - labels[i]];
      const right = classes[labels[i]];
      return [id, i % 3 === 0 ? wrong : right, i % 5 === 0 ? wrong : right, right].join(',');
    });
    const file = write('readers.csv', `id,Ana,Ben,Cem\n${lines.join('\n')}\n`);
    const summary = summarizeExperiment(
      await withExternalRows(record, [{ name: 'readers', files: [file] }]),
      { resamples: 50 },
    );
    const row = summary.rows.at(-1)!;
    const wrongOfBoth = ids.filter((_, i) => i % 15 === 0).length;
    expect(row.metrics.accuracy.mean).toBeCloseTo(1 - wrongOfBoth / ids.length, 12);
    expect(row.metrics.auc).toMatchObject({ mean: null, interval: null });
    expect(row.metrics.auc.undefinedBecause[0]).toBe('only decisions are given, no probabilities');
    expect(row.comparison!.metrics.accuracy.onImages!.pValue).not.toBeNull();
    expect(row.comparison!.metrics.auc).toMatchObject({ mean: null, verdict: 'too few repeats' });
    const positives = [...labels].filter((label) => label === 1).length;
    const missed = ids.filter((_, i) => labels[i] === 1 && i % 3 === 0).length;
    expect(row.system!.readers.map(({ name }) => name)).toEqual(['Ana', 'Ben', 'Cem', 'majority']);
    expect(row.system!.readers[0].points[1].sensitivity).toBeCloseTo(1 - missed / positives, 12);
    const text = summaryToText(summary, {
      formatTable: (columns, cells) =>
        [columns.map(({ title }) => title), ...cells].map((line) => line.join(' | ')).join('\n'),
    });
    expect(text).toContain('reader | class | sensitivity | specificity | images');
    expect(text).toContain('readers: Majority vote of 3 readers (Ana, Ben, Cem), without ties.');
  });

  it('must be for the test images, unless the user allows to compare on the common ones', async () => {
    const record = await readExperimentFolder(folderOf('seeds'));
    const { last } = record.runs[0].run!.predictions;
    const rows = predictionsToCsv(last!).split('\n');
    const file = write('part.csv', [...rows.slice(0, -3), 'elsewhere.png,,0.5,0.5', ''].join('\n'));
    const source = { name: 'part', files: [file] };
    await expect(withExternalRows(record, [source])).rejects.toThrow(
      /part\.csv: lacks 2 of the 60 test images \(images\/\d+\.png, images\/\d+\.png\) and has 1 other image \(elsewhere\.png\) \(the same images; or --common, in a row of an experiment commonImages: true, to compare on the 58 common ones\)/,
    );
    const summary = summarizeExperiment(
      await withExternalRows(record, [source], { common: true }),
      {
        resamples: 20,
      },
    );
    const row = summary.rows.at(-1)!;
    // The file has the first 58 predictions of the first repeat of the baseline.
    expect(row.comparison!.metrics.accuracy.differences[0]).toBe(0);
    expect(row.system).toMatchObject({ missing: 2, additional: 1 });
    expect(summary.notes.at(-1)).toMatch(/Without a prediction for 2 test images/);
  });
});

describe('rows of a comparison of runs', () => {
  it('may be the ensemble of the runs and predictions made elsewhere', async () => {
    const runs = await Promise.all(
      [0, 1].map((i) => readRun(join(folderOf('seeds'), 'runs/resnet18', String(i)))),
    );
    const file = write('other.csv', predictionsToCsv(syntheticPredictions(vendor)));
    const rows = [
      ...runs,
      await externalRun({ name: 'vendor', files: [file] }, runs[0]),
      ensembleRun(runs, 'ensemble of 2'),
    ];
    const comparison = compareRunRecords(rows, { weights: 'last', resamples: 50 });
    expect(comparison.runs.map(({ name }) => name)).toEqual(['0', '1', 'vendor', 'ensemble of 2']);
    expect(comparison.runs[2].system).toMatchObject({ kind: 'file', readers: [] });
    expect(comparison.notes).toEqual(['ensemble of 2: Mean of the probabilities of 2 runs.']);
    const last = runs[0].predictions.last as Predictions;
    const pValue = comparePredictions(syntheticPredictions(vendor), last, {
      metrics: [],
      resamples: 1,
    }).auc.pValue!;
    expect(comparison.differences[1].pValues.auc.pValue).toBeCloseTo(pValue, 12);
  });
});
