import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { predictionsToCsv } from '@nonlocal-med/metrics';
import { readExperimentFolder } from '@nonlocal-med/runs';
import {
  type SyntheticExperiment,
  syntheticPredictions,
  temporaryFolder,
  writeSyntheticExperiment,
} from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import type { ExperimentSummary, RowSummary } from './experimentSummary.js';
import { summarizeExperiment, type SummaryOptions } from './summarizeExperiment.js';

const root = await temporaryFolder('summary');
let count = 0;

async function summary(
  experiment: SyntheticExperiment,
  options: SummaryOptions = {},
): Promise<ExperimentSummary> {
  const folder = join(root, String(count++));
  await writeSyntheticExperiment(folder, experiment);
  return summarizeExperiment(await readExperimentFolder(folder), { resamples: 100, ...options });
}
const row = ({ rows }: ExperimentSummary, key: string): RowSummary =>
  rows.find((candidate) => candidate.key === key)!;

const skills = { resnet18: 1, 'resnet18-se': 1, 'resnet18-nla': 2.5 };

describe('summarizeExperiment', () => {
  it('finds significant differences over splits', async () => {
    const table = await summary({ skills });
    expect(table).toMatchObject({
      weights: 'last',
      planned: 15,
      finished: 15,
      missing: [],
      classes: ['grade 0', 'grade 1', 'grade 2'],
    });
    const { metrics } = row(table, 'resnet18-nla').comparison!;
    expect(metrics.auc).toMatchObject({
      verdict: 'significant',
      overRepeats: { test: 'corrected resampled t', degreesOfFreedom: 4 },
      onImages: null,
    });
    expect(metrics.auc.because).toMatch(
      /^corrected resampled t test, adjusted p (= 0\.0\d\d|< 0\.001)$/,
    );
    expect(row(table, 'resnet18-se').comparison!.metrics.auc.verdict).toBe('not significant');
    expect(row(table, 'resnet18').comparison).toBeNull();
    expect(table.rules.at(-1)).toContain('correction for the 2 comparisons');
  });

  it('tests seeds on one split both over seeds and on the test images', async () => {
    const { auc, sensitivity, accuracy } = row(
      await summary({ skills, kind: 'seeds' }),
      'resnet18-nla',
    ).comparison!.metrics;
    expect(auc).toMatchObject({
      verdict: 'significant',
      overRepeats: { test: 'paired t over seeds' },
      onImages: { test: 'DeLong' },
    });
    expect(auc.because).toMatch(
      /^paired t test over seeds, adjusted p .*; DeLong's test, adjusted p /,
    );
    expect(sensitivity.onImages!.test).toBe('paired bootstrap');
    expect(accuracy.perRepeat.map((test) => test?.test)).toEqual(
      Array.from({ length: 5 }, () => 'McNemar mid-p'),
    );
  });

  it('tests repeats with new images without the correction for shared images', async () => {
    const [images, splits] = await Promise.all(
      (['images', 'splits'] as const).map(async (kind) => {
        const table = await summary({ skills, kind });
        expect(table.rules.join()).toContain(
          kind === 'images' ? 'the paired t test over repeats, which share no images' : 'Nadeau',
        );
        return row(table, 'resnet18-nla').comparison!.metrics.auc;
      }),
    );
    const { mean, standardDeviation, overRepeats, onImages } = images;
    expect(onImages).toBeNull();
    expect(overRepeats).toMatchObject({ test: 'paired t over repeats', degreesOfFreedom: 4 });
    expect(overRepeats.statistic).toBeCloseTo(mean! / (standardDeviation! / Math.sqrt(5)), 12);
    expect(overRepeats.pValue!).toBeLessThan(splits.overRepeats.pValue!);
  });

  it('adjusts p values of each metric for the number of comparisons', async () => {
    const { rows } = await summary({ skills });
    const tests = rows
      .flatMap(({ comparison }) =>
        comparison === null ? [] : [comparison.metrics.auc.overRepeats],
      )
      .sort((a, b) => a.pValue! - b.pValue!);
    expect(tests.map(({ adjusted }) => adjusted)).toEqual([
      2 * tests[0].pValue!,
      Math.max(2 * tests[0].pValue!, tests[1].pValue!),
    ]);
  });

  it('summarizes an unfinished experiment and lists what is missing', async () => {
    const table = await summary({
      skills: { resnet18: 1, 'resnet18-nla': 2 },
      unfinished: {
        'resnet18/0': 'interrupted',
        'resnet18-nla/1': 'missing',
        'resnet18-nla/2': 'trained',
      },
    });
    expect(table).toMatchObject({ planned: 10, finished: 7 });
    expect(table.missing).toEqual([
      'resnet18, repeat 1: 1 of 3 epochs',
      'resnet18-nla, repeat 2: not started',
      expect.stringMatching(/^resnet18-nla, repeat 3: trained, but not tested/),
    ]);
    const { comparison, metrics } = row(table, 'resnet18-nla');
    expect(metrics.auc).toMatchObject({
      count: 3,
      values: [expect.any(Number), null, null, expect.any(Number), expect.any(Number)],
    });
    expect(metrics.auc.undefinedBecause[1]).toBe('not started');
    expect(comparison!.repeats).toEqual([3, 4]);
    expect(comparison!.metrics.auc).toMatchObject({
      verdict: 'too few repeats',
      because: 'both models have finished 2 repeats, at least 3 are needed',
    });
  });

  it('returns a table before any run is finished', async () => {
    const table = await summary({
      skills: { resnet18: 1, 'resnet18-nla': 1 },
      repeats: 2,
      unfinished: {
        'resnet18/0': 'missing',
        'resnet18-nla/0': 'missing',
        'resnet18/1': 'missing',
        'resnet18-nla/1': 'missing',
      },
    });
    expect(table.finished).toBe(0);
    expect(table.missing).toEqual([
      'resnet18, repeats 1, 2: not started',
      'resnet18-nla, repeats 1, 2: not started',
    ]);
    expect(row(table, 'resnet18-nla')).toMatchObject({
      metrics: {
        auc: {
          mean: null,
          standardDeviation: null,
          interval: null,
          noIntervalBecause: 'no run is finished',
        },
      },
      comparison: { metrics: { auc: { verdict: 'too few repeats', mean: null } } },
    });
  });

  it('includes a row that only quotes published results', async () => {
    expect(row(await summary({ skills, repeats: 1 }), 'hynet')).toMatchObject({
      reproduced: false,
      planned: 0,
      finished: 0,
      comparison: null,
      published: { AUC: [94.17, 1.03] },
      note: expect.stringContaining('not reproduced') as string,
    });
  });

  it('summarizes the last epoch or the best checkpoint', async () => {
    const [last, selected] = [
      await summary({ skills, repeats: 2 }),
      await summary({ skills, repeats: 2 }, { weights: 'selected' }),
    ];
    expect(row(selected, 'resnet18').metrics.auc.mean).not.toBe(
      row(last, 'resnet18').metrics.auc.mean,
    );
    const none = await summary(
      { skills: { resnet18: 1 }, repeats: 1, selected: false },
      { weights: 'selected' },
    );
    expect(none.missing).toEqual([
      'resnet18, repeat 1: no best checkpoint: the run has no validation set',
    ]);
  });

  it('returns null and the reason for a metric that is not defined', async () => {
    const folder = join(root, 'undefined');
    await writeSyntheticExperiment(folder, {
      skills: { resnet18: 1, 'resnet18-nla': 1 },
      repeats: 3,
    });
    const experiment = await readExperimentFolder(folder);
    const { last } = experiment.runs[0].run!.metrics!;
    (last as unknown as { metrics: Record<string, unknown> }).metrics.auc = {
      value: null,
      undefinedBecause: 'one class is present',
    };
    const { metrics } = row(summarizeExperiment(experiment, { resamples: 10 }), 'resnet18');
    expect(metrics.auc).toMatchObject({
      values: [null, expect.any(Number), expect.any(Number)],
      undefinedBecause: ['one class is present', null, null],
      count: 2,
    });
  });

  it('does not compare runs that were tested on different images, and reports them', async () => {
    const folder = join(root, 'other-images');
    await writeSyntheticExperiment(folder, {
      skills: { resnet18: 1, 'resnet18-nla': 1 },
      repeats: 3,
    });
    writeFileSync(
      join(folder, 'runs/resnet18-nla/1/predictions/test-last.csv'),
      predictionsToCsv(syntheticPredictions({ skill: 1, split: 7 })),
    );
    const table = summarizeExperiment(await readExperimentFolder(folder), { resamples: 10 });
    expect(table.missing).toEqual([
      'resnet18-nla, repeat 2: not compared, because it was tested on different images than resnet18',
    ]);
    expect(row(table, 'resnet18-nla').comparison!.repeats).toEqual([0, 2]);
  });
});
