import { count } from '@nonlocal-med/core';
import {
  correctedResampledInterval,
  evaluateTask,
  reportedMetric,
  type TaskReport,
} from '@nonlocal-med/metrics';
import { type ExperimentRecord, outOfFold, type WeightsChoice } from '@nonlocal-med/runs';
import type { MetricSummary } from './experimentSummary.js';
import { MINIMUM_REPEATS } from './fewRepeats.js';
import type { RowRuns } from './rowRuns.js';
import type { IntervalOptions } from './summarizeMetrics.js';
import { mapMetrics, type MetricSubject, type SummaryMetric } from './summaryMetrics.js';

/** A row whose repeats are the folds of one cross-validation: every image was predicted once. */
export interface OutOfFoldSummary {
  readonly images: number;
  /** Test images of each fold. */
  readonly folds: readonly number[];
  /**
   * Interval of the mean over the folds of each metric, Student's t with Nadeau and Bengio's correction for training sets
   * that overlap: it covers other training sets and seeds, too. Cut at the limits of the metric.
   */
  readonly overFolds: Readonly<
    Record<SummaryMetric, Pick<MetricSummary, 'interval' | 'noIntervalBecause'>>
  >;
  /** Every metric over the out-of-fold predictions of all images together, with bootstrap intervals. */
  readonly pooled: TaskReport;
}

/** The out-of-fold results of a row; undefined if its repeats are not the folds of one cross-validation, all finished. */
export function summarizeOutOfFold(
  { row, repeats }: RowRuns,
  record: ExperimentRecord,
  {
    subject,
    weights,
    confidence,
    resamples,
    seed,
  }: IntervalOptions & { readonly subject: MetricSubject; readonly weights: WeightsChoice },
): OutOfFoldSummary | undefined {
  const found = outOfFold(record, row.key, weights);
  if ('noneBecause' in found) return undefined;
  const finished = repeats.filter((repeat) => repeat.report !== null);
  const meanSize = (size: 'trainCount' | 'testCount'): number =>
    finished.reduce((sum, repeat) => sum + repeat[size], 0) / finished.length;
  const sizes = { trainCount: meanSize('trainCount'), testCount: meanSize('testCount') };
  const intervalOf = (
    metric: SummaryMetric,
  ): Pick<MetricSummary, 'interval' | 'noIntervalBecause'> => {
    const scores = finished.flatMap(({ report }) => reportedMetric(report, metric).value ?? []);
    if (scores.length < MINIMUM_REPEATS) {
      const few = `an interval needs at least ${MINIMUM_REPEATS} folds with a value, not ${scores.length}`;
      return { interval: null, noIntervalBecause: few };
    }
    const { lower, upper, undefinedBecause } = correctedResampledInterval(scores, {
      ...sizes,
      confidence,
    });
    if (lower === null || upper === null)
      return { interval: null, noIntervalBecause: undefinedBecause };
    const least = metric === 'quadraticKappa' ? -1 : 0;
    return { interval: { lower: Math.max(least, lower), upper: Math.min(1, upper) } };
  };
  return {
    images: found.predictions.ids.length,
    folds: finished.map(({ predictions }) => predictions.ids.length),
    overFolds: mapMetrics(subject, intervalOf),
    pooled: evaluateTask(found.predictions, { confidence, bootstrap: { resamples, seed } }),
  };
}

/** What out-of-fold results mean, one sentence each, for a reader of their table. */
export function describeOutOfFold({
  images,
  folds: { length },
  pooled,
}: Pick<OutOfFoldSummary, 'images' | 'folds' | 'pooled'>): string[] {
  const grouped = pooled.bootstrap?.grouped === true;
  const units = grouped ? 'whole patients' : 'images';
  const unseen = grouped
    ? 'no image of its patient was used in training or in selecting a checkpoint'
    : 'it was used neither in training nor in selecting a checkpoint';
  return [
    `Out of fold: each of the ${count(images, 'image')} was predicted once, by the one of the ${length} models for which ${unseen}.`,
    `The interval of the mean over folds has Nadeau and Bengio's correction (2003) for training sets that overlap, and covers other training sets and seeds.`,
    `Pooled values are computed over all images together, and their intervals resample ${units}, for the ${length} models as they were trained. The models have different scales of scores, so that a pooled AUC, which also compares images of different folds, can be lower than the mean over folds.`,
  ];
}
