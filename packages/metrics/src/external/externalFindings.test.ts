import type { FindingPredictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { compareTask, evaluateTask, reportedMetric } from '../evaluate/taskReport.js';
import { predictionsToCsv } from '../input/predictionsCsv.js';
import type { BootstrapComparison } from '../resampling/bootstrapDifference.js';
import { externalPredictions, type ExternalReference } from './externalPredictions.js';

const run: FindingPredictions = {
  findings: ['effusion', 'mass'],
  ids: ['set/a.png', 'set/b.png', 'set/c.png', 'set/d.png'],
  labels: Int32Array.of(1, 0, 0, 1, 1, -1, 0, 0),
  probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.7, 0.3, 0.7, 0.2, 0.8),
  groups: ['p', 'p', 'q', 'q'],
};
const hashes = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64));
const reference: ExternalReference = {
  name: 'runs/chest',
  predictions: run,
  contents: new Map(run.ids.map((id, i) => [id, hashes[i]])),
};
const read = (...texts: string[]): ReturnType<typeof externalPredictions> =>
  externalPredictions(
    texts.map((text, i) => ({
      path: texts.length === 1 ? 'vendor.csv' : `reader-${i + 1}.csv`,
      text,
    })),
    reference,
  );

describe('findings predicted elsewhere', () => {
  it('are read from the format of a run, with patients from the run', () => {
    const { predictions, missing, additional, readers } = read(
      predictionsToCsv({ ...run, groups: undefined }),
    );
    expect(predictions).toEqual(run);
    expect([missing, additional, readers]).toEqual([[], [], []]);
  });

  it('are read from other orders, spellings and columns', () => {
    const { predictions, notes } = read(
      'image;seconds;P(Mass);prob effusion\nd;1;0,8;0,2\na;1;0,1;0,9\nb;1;0,7;0,4\nc;1;0,7;0,3\n',
    );
    expect(predictions).toEqual(run);
    expect(notes).toEqual([
      'Columns that are not used: seconds.',
      '4 of 4 images were matched by their file names.',
    ]);
  });

  it('are matched by the SHA-256 of the files', () => {
    const rows = hashes.map((hash, i) => `${hash},${i / 10},0.5`).reverse();
    const { predictions } = read(`sha256,effusion,mass\n${rows.join('\n')}`);
    expect(predictions.ids).toEqual(run.ids);
    expect([...predictions.probabilities]).toEqual([0, 0.5, 0.1, 0.5, 0.2, 0.5, 0.3, 0.5]);
  });

  it('name the images that are missing or additional; a row without a value is missing', () => {
    const { predictions, missing, additional } = read(
      'id,effusion,mass\na,0.1,0.2\nz,0.5,0.5\nb,,\nd,0.8,0.9\n',
    );
    expect(predictions.ids).toEqual(['set/a.png', 'set/d.png']);
    expect([...predictions.labels]).toEqual([1, 0, 0, 0]);
    expect(predictions.groups).toEqual(['p', 'q']);
    expect(missing).toEqual(['set/b.png', 'set/c.png']);
    expect(additional).toEqual(['z']);
  });

  it.each([
    [
      'id,effusion,consolidation\na,0.5,0.5\n',
      'vendor.csv:1: no column for "mass"; the columns are id, effusion, consolidation (a column for each finding: effusion, mass)',
    ],
    [
      'id,probability\na,0.5\n',
      'vendor.csv:1: no column for "effusion", "mass"; the columns are id, probability',
    ],
    ['id,effusion,mass\na,0.5,\n', 'vendor.csv:2: "" for "mass" is not a probability'],
    ['id,effusion,mass\na,0.5,-2.3\n', 'vendor.csv:2: "-2.3" for "mass" is not a probability'],
    [
      'id,truth:effusion,label_mass,effusion,mass\na,0,yes,0.5,0.5\n',
      '2 problems:\n  vendor.csv:2: the truth of "effusion" in "a" is "0", but 1 in runs/chest',
    ],
    ['id,effusion,mass\na,0.5,0.5\nset/a.png,1,0.1\n', 'image "set/a.png" is listed twice'],
    ['id,effusion,mass\nx,0.5,0.5\n', 'none of its images is among the test images'],
  ])('are rejected with file and line: %j', (text, message) =>
    expect(() => read(text)).toThrow(message),
  );
});

describe('calls of readers', () => {
  const calls = 'id,effusion,mass\na,1,0\nb,0,1\nc,0,1\nd,0,0\n';

  it('of one reader have sensitivity and specificity, and no AUC', () => {
    const { predictions, readers, notes } = read(calls);
    expect(predictions.decisionsOnly).toBe(true);
    expect([...predictions.probabilities]).toEqual([1, 0, 0, 1, 0, 1, 0, 0]);
    expect(readers.map(({ name }) => name)).toEqual(['vendor']);
    expect(notes.at(-1)).toBe(
      'Only decisions are given, no probabilities: AUC and calibration are not defined.',
    );
    const report = evaluateTask(predictions);
    expect(reportedMetric(report, 'sensitivity of effusion').value).toBe(0.5);
    for (const metric of ['auc', 'micro auc', 'auc of mass', 'brierScore of mass'] as const)
      expect(reportedMetric(report, metric)).toEqual({
        value: null,
        undefinedBecause: 'only decisions are given, no probabilities',
      });
  });

  it('are compared with a model in what both have', () => {
    const { predictions } = read(calls);
    const metrics = ['auc', 'micro auc', 'auc of effusion', 'sensitivity'] as const;
    const { auc, ...comparison } = compareTask(predictions, run, { metrics, resamples: 50 });
    const compared = comparison.metrics as Record<string, BootstrapComparison>;
    for (const metric of ['auc', 'micro auc', 'auc of effusion'] as const)
      expect(compared[metric]).toMatchObject({ a: null, difference: null, pValue: null });
    expect(compared.auc.b).toBe(reportedMetric(evaluateTask(run), 'auc').value);
    expect(auc.undefinedBecause).toBe('only decisions are given, no probabilities');
    expect(compared.sensitivity.difference).toBe(0);
  });

  it('of several readers are joined by majority, finding by finding; of a tie the first reader decides', () => {
    const { predictions, readers, notes } = read(
      'id,effusion,mass\na,yes,no\nb,no,no\nc,,absent\nd,0,0\n',
      'id,effusion,mass\na,no,no\nb,no,no\nc,1,1\nd,0,1\n',
      'id,effusion,mass\na,1,1\nb,1,0\nc,0,\nd,0,1\n',
    );
    expect([...predictions.probabilities]).toEqual([1, 0, 0, 0, 1, 0, 0, 1]);
    expect(readers.map(({ name }) => name)).toEqual(['reader-1', 'reader-2', 'reader-3']);
    expect([...readers[0].decisions]).toEqual([1, 0, 0, 0, -1, 0, 0, 0]);
    expect(notes).toContain(
      'Majority vote of 3 readers (reader-1, reader-2, reader-3); 2 findings of images are tied, where the vote of the first reader among the two calls counts.',
    );
  });

  it('are rejected if an image has some of them, or beside probabilities', () => {
    expect(() => read('id,effusion,mass\na,1,\nb,0,1\n')).toThrow(
      'vendor.csv: "set/a.png" has no decision about mass (a decision about each finding, or about none of the image)',
    );
    expect(() => read(calls, 'id,effusion,mass\na,0.5,0.2\n')).toThrow(
      'reader-2.csv: contains probabilities (decisions:',
    );
  });
});
