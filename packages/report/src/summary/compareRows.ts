import { InputError, type Predictions } from '@nonlocal-med/core';
import {
  alignPredictions,
  comparePredictions,
  meanAndStandardDeviation,
  type PredictionComparison,
} from '@nonlocal-med/metrics';
import type { RepeatKind } from '@nonlocal-med/runs';
import { differenceTest } from './differenceTest.js';
import { everyMetric } from './everyMetric.js';
import type { DifferenceTest, MetricComparison, SummaryMetric } from './experimentSummary.js';
import type { RepeatResult, RowRuns } from './rowRuns.js';
import { summaryMetrics } from './summaryMetrics.js';
import { testOverRepeats } from './testOverRepeats.js';

/** A comparison before it is known how many there are: without correction and verdict. */
export type RawComparison = Omit<MetricComparison, 'verdict' | 'because'>;

/** A row against its baseline, not yet corrected for the number of comparisons. */
export interface RawRowComparison {
  readonly baseline: string;
  readonly repeats: readonly number[];
  readonly metrics: Record<SummaryMetric, RawComparison>;
  /** Repeats that could not be compared, in one sentence each. */
  readonly problems: readonly string[];
}

/** How repeats differ, and how differences are resampled. */
export interface RowComparisonOptions {
  readonly kind: RepeatKind;
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
}

type Finished = Extract<RepeatResult, { readonly predictions: Predictions }>;
interface Pair {
  readonly a: Finished;
  readonly b: Finished;
  /** The two on the same test images: DeLong and McNemar. */
  readonly comparison: PredictionComparison;
}

/** Compares a row with its baseline in every repeat that both have finished, on the same test images. */
export function compareRows(
  row: RowRuns,
  baseline: RowRuns,
  options: RowComparisonOptions,
): RawRowComparison {
  const problems: string[] = [];
  const pairs = row.repeats.map((a, repeat): Pair | null => {
    const b = baseline.repeats[repeat];
    if (a.report === null || b.report === null) return null;
    if (!sameImages(a.predictions, b.predictions)) {
      problems.push(
        `${row.row.key}, repeat ${repeat + 1}: tested on other images than ${baseline.row.key}, not compared`,
      );
      return null;
    }
    return {
      a,
      b,
      comparison: comparePredictions(a.predictions, b.predictions, {
        metrics: [],
        resamples: 1,
        confidence: options.confidence,
      }),
    };
  });
  const present = pairs.filter((pair) => pair !== null);
  const pooled = options.kind === 'seeds' && present.length > 0 ? pool(present, options) : null;
  return {
    baseline: baseline.row.key,
    repeats: pairs.flatMap((pair, repeat) => (pair === null ? [] : [repeat])),
    metrics: everyMetric((metric) => compareMetric(metric, pairs, { pooled, ...options })),
    problems,
  };
}

function compareMetric(
  metric: SummaryMetric,
  pairs: readonly (Pair | null)[],
  { pooled, kind, confidence }: RowComparisonOptions & { pooled: PredictionComparison | null },
): RawComparison {
  const values = pairs.map((pair) => {
    const [a, b] = [
      pair?.a.report.metrics[metric].value ?? null,
      pair?.b.report.metrics[metric].value ?? null,
    ];
    return pair === null || a === null || b === null
      ? null
      : { a, b, trainCount: pair.a.trainCount, testCount: pair.a.testCount };
  });
  const defined = values.filter((value) => value !== null);
  const { mean, standardDeviation: deviation } = meanAndStandardDeviation(
    defined.map(({ a, b }) => a - b),
  );
  return {
    differences: values.map((value) => (value === null ? null : value.a - value.b)),
    mean,
    deviation,
    overRepeats: testOverRepeats(defined, { kind, confidence }),
    onImages: pooled === null ? null : onImages(metric, pooled),
    perRepeat: pairs.map((pair) => (pair === null ? null : onePair(metric, pair.comparison))),
  };
}

/** All seeds of both rows on their one test side, averaged. */
function pool(
  pairs: readonly Pair[],
  { confidence, resamples, seed }: RowComparisonOptions,
): PredictionComparison {
  const metrics = summaryMetrics.map(({ name }) => name);
  return comparePredictions(
    pairs.map(({ a }) => a.predictions),
    pairs.map(({ b }) => b.predictions),
    { metrics, confidence, resamples, seed },
  );
}

function onImages(metric: SummaryMetric, { auc, metrics }: PredictionComparison): DifferenceTest {
  return metric === 'auc'
    ? differenceTest('DeLong', auc)
    : differenceTest('paired bootstrap', metrics[metric]!);
}

function onePair(
  metric: SummaryMetric,
  { auc, accuracy }: PredictionComparison,
): DifferenceTest | null {
  if (metric === 'auc') return differenceTest('DeLong', auc);
  return metric === 'accuracy'
    ? differenceTest('McNemar mid-p', { pValue: accuracy!.midPValue })
    : null;
}

function sameImages(a: Predictions, b: Predictions): boolean {
  try {
    alignPredictions([a, b]);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
