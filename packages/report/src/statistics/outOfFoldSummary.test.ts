import { join } from 'node:path';
import {
  correctedResampledInterval,
  evaluateTask,
  poolPredictions,
  predictionsToCsv,
} from '@nonlocal-med/metrics';
import { readExperimentFolder } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { outOfFoldTables } from '../experimentTables/outOfFoldTable.js';
import { renderSummary } from '../experimentTables/renderSummary.js';
import { summaryToText } from '../experimentTables/summaryToText.js';
import { reportPage } from '../page/reportPage.js';
import type { ExperimentSummary } from './experimentSummary.js';
import { summarizeExperiment } from './summarizeExperiment.js';

const root = await temporaryFolder('out-of-fold-summary');
const folds = join(root, 'folds');
let summary: ExperimentSummary;

beforeAll(async () => {
  await writeSyntheticExperiment(folds, {
    skills: { resnet18: 1 },
    kind: 'folds',
    complete: true,
    repeats: 5,
    imagesPerPatient: 2,
  });
  summary = summarizeExperiment(await readExperimentFolder(folds), { resamples: 50 });
});

describe('the summary of a cross-validation', () => {
  it('has the metrics of the pooled predictions, with patients resampled', async () => {
    const { runs } = await readExperimentFolder(folds);
    const pooled = poolPredictions(runs.map(({ run }) => run!.predictions.last!));
    const { outOfFold } = summary.rows[0];
    expect(outOfFold!.pooled).toEqual(
      evaluateTask(pooled, { confidence: 0.95, bootstrap: { resamples: 50, seed: 0 } }),
    );
    expect(outOfFold!.pooled.bootstrap!.grouped).toBe(true);
    expect(outOfFold!.images).toBe(120);
    expect(predictionsToCsv(pooled).trim().split('\n')).toHaveLength(121);
  });

  it('has the interval of the mean over folds with the sizes of training and test sets', () => {
    const { metrics, outOfFold } = summary.rows[0];
    const { folds: sizes, overFolds } = outOfFold!;
    const test = sizes.reduce((sum, size) => sum + size) / 5;
    const { lower, upper } = correctedResampledInterval(metrics.auc.values as number[], {
      trainCount: 120 - 6 - test,
      testCount: test,
    });
    expect(overFolds.auc.interval!.lower).toBeCloseTo(lower!, 12);
    expect(overFolds.auc.interval!.upper).toBeCloseTo(Math.min(1, upper!), 12);
    // It is wider than what Student's t gives for independent folds.
    const uncorrected = correctedResampledInterval(metrics.auc.values as number[], {
      trainCount: 1e9,
      testCount: 1,
    });
    expect(overFolds.auc.interval!.lower).toBeLessThan(uncorrected.lower!);
  });

  it('is absent where repeats are not all folds of one cross-validation', async () => {
    for (const [name, options] of Object.entries({
      seeds: { kind: 'seeds' },
      left: { kind: 'folds', complete: true, unfinished: { 'resnet18/2': 'missing' } },
    } as const)) {
      await writeSyntheticExperiment(join(root, name), {
        skills: { resnet18: 1 },
        repeats: 3,
        ...options,
      });
      const record = await readExperimentFolder(join(root, name));
      const other = summarizeExperiment(record, { resamples: 20 });
      expect(other.rows[0].outOfFold).toBeUndefined();
      expect(outOfFoldTables(other)).toEqual([]);
      expect(renderSummary(other, 'csv')).not.toContain('pooled');
    }
  });
});

describe('the table of a cross-validation', () => {
  it('lists every fold, their mean and the pooled values, and says what they mean', () => {
    const [{ tables, notes }] = outOfFoldTables(summary);
    const titles = tables[0].rows.map(([title]) => title);
    expect(titles).toEqual([
      ...[24, 24, 24, 24, 24].map((size, fold) => `fold ${fold + 1}, ${size} images`),
      'mean ± std',
      'interval of mean',
      'pooled, 120 images',
      'interval, pooled',
    ]);
    const { pooled } = summary.rows[0].outOfFold!;
    if ('findings' in pooled) throw new Error('has findings');
    expect(tables[0].rows[7][1]).toBe((100 * pooled.metrics.auc.value!).toFixed(2));
    expect(notes.join(' ')).toContain('no image of its patient was used in training');
    expect(notes.join(' ')).toContain(
      'a pooled AUC, which also compares images of different folds',
    );
  });

  it('is in every output', async () => {
    const formatTable = (_: unknown, rows: readonly (readonly string[])[]): string =>
      rows.map((row) => row.join(' ')).join('\n');
    expect(summaryToText(summary, { formatTable })).toContain('pooled, 120 images');
    expect(renderSummary(summary, 'md')).toMatch(/\| pooled, 120 images \|/);
    const [header] = renderSummary(summary, 'csv').split('\n');
    expect(header).toMatch(/,folds_lower,folds_upper,pooled,pooled_lower,pooled_upper$/);
    const json = JSON.parse(renderSummary(summary, 'json')) as ExperimentSummary;
    expect(json.rows[0].outOfFold!.images).toBe(120);
    const page = await reportPage({ experiment: folds });
    expect(page).toContain('Out-of-fold results</h2>');
    expect(page).toContain('pooled, 120 images');
  });
});
