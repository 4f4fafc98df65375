import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Predictions } from '@nonlocal-med/core';
import {
  comparePredictions,
  correctedResampledTest,
  evaluatePredictions,
  pairedTTest,
  predictionsToCsv,
} from '@nonlocal-med/metrics';
import { readExperimentFolder, readRun, viewsRun } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareRunRecords } from '../compare/compareRunRecords.js';
import { summarizeExperiment } from './summarizeExperiment.js';

const root = await temporaryFolder('views');
const folderOf = (kind: string): string => join(root, kind);
const repeats = 3;

/** Mean over views, as far as a table is concerned: the probabilities of a run, sharpened. */
const sharpened = (predictions: Predictions): Predictions => {
  const { classes, probabilities } = predictions;
  const powers = probabilities.map((p) => p ** 2);
  return {
    ...predictions,
    probabilities: powers.map((p, i) => {
      const row = Math.floor(i / classes.length) * classes.length;
      return p / powers.subarray(row, row + classes.length).reduce((a, b) => a + b);
    }),
  };
};

const runOf = (kind: string, repeat: number): string =>
  join(folderOf(kind), `runs/resnet18/${repeat}`);

/** The predictions of a row's run, and with test-time augmentation. */
async function readViews(
  kind: string,
  repeat: number,
): Promise<{ single: Predictions; viewed: Predictions }> {
  const { predictions, views } = await readRun(runOf(kind, repeat));
  return { single: predictions.last as Predictions, viewed: views!.flips!.last as Predictions };
}

beforeAll(async () => {
  for (const kind of ['seeds', 'splits'] as const) {
    await writeSyntheticExperiment(folderOf(kind), {
      skills: { resnet18: 0.5, 'resnet18-nla': 1.5 },
      kind,
      repeats,
    });
    for (let repeat = 0; repeat < repeats; repeat++) {
      const { predictions } = await readRun(runOf(kind, repeat));
      for (const weights of ['last', 'selected'] as const)
        writeFileSync(
          join(runOf(kind, repeat), `predictions/test-${weights}-flips.csv`),
          predictionsToCsv(sharpened(predictions[weights] as Predictions)),
        );
    }
  }
});

describe.each(['seeds', 'splits'] as const)('test-time augmentation with %s', (kind) => {
  it('is a row below the runs that were tested with it, compared with them in each repeat', async () => {
    const record = await readExperimentFolder(folderOf(kind), { tta: 'flips' });
    const summary = summarizeExperiment(record, { resamples: 200 });
    expect(summary.rows.map(({ title }) => title)).toEqual([
      'resnet18',
      'resnet18, flips averaged',
      'resnet18-nla',
      'hynet',
    ]);
    const plain = await readExperimentFolder(folderOf(kind), {});
    const { planned, finished, missing } = summarizeExperiment(plain, { resamples: 200 });
    expect(summary).toMatchObject({ planned, finished, missing });
    const pairs = [await readViews(kind, 0), await readViews(kind, 1), await readViews(kind, 2)];
    const values = (of: 'single' | 'viewed'): (number | null)[] =>
      pairs.map((pair) => evaluatePredictions(pair[of]).metrics.sensitivity.value);
    const [, row] = summary.rows;
    expect(row.metrics.sensitivity.values).toEqual(values('viewed'));
    expect(row.system).toMatchObject({ kind: 'views' });
    const [a, b] = [values('viewed') as number[], values('single') as number[]];
    const expected =
      kind === 'seeds'
        ? pairedTTest(a, b)
        : correctedResampledTest(a, b, {
            trainCount: 540,
            testCount: pairs[0].single.ids.length,
          });
    const { comparison } = row;
    expect(comparison!.baseline).toBe('resnet18');
    expect(comparison!.metrics.sensitivity.overRepeats.pValue).toBe(expected.pValue);
    const { auc } = comparePredictions(pairs[1].viewed, pairs[1].single, {
      metrics: [],
      resamples: 1,
    });
    expect(comparison!.metrics.auc.perRepeat[1]!.pValue).toBe(auc.pValue);
    expect(summary.notes.at(-1)).toBe(
      'resnet18, flips averaged: Mean of the probabilities over 4 views of each image (flips), which takes the network 4 times as long.',
    );
  });
});

describe('test-time augmentation that no run was tested with', () => {
  it('leaves the table as it is, with a note', async () => {
    const { manifest, runs } = await readExperimentFolder(folderOf('seeds'), { tta: 'd4' });
    expect(runs.filter(({ run }) => run?.system !== undefined)).toEqual([]);
    expect(manifest.notes.at(-1)).toBe('No rows with d4: no run was tested with them.');
  });

  it('is refused for single runs, with what to do', async () => {
    const run = await readRun(runOf('seeds', 0));
    expect(() => viewsRun(run, 'd4')).toThrow(
      'was not tested with d4 (train with --tta d4, or `evaluate RUN --tta d4 --predictions FILE.csv` and compare FILE.csv)',
    );
  });
});

describe('a run with test-time augmentation', () => {
  it('is compared with the run itself by the paired tests of compare', async () => {
    const run = await readRun(runOf('seeds', 0));
    const { runs, differences } = compareRunRecords([run, viewsRun(run, 'flips')], {
      weights: 'last',
      resamples: 50,
    });
    expect(runs[1].name).toBe('0, flips averaged');
    const { single, viewed } = await readViews('seeds', 0);
    const { auc } = comparePredictions(viewed, single, { metrics: [], resamples: 1 });
    expect(differences[0].pValues.auc.pValue).toBe(auc.pValue);
  });
});
