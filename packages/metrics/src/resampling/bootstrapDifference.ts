import type { Predictions } from '@nonlocal-med/core';
import type { AucComparison } from '../delong/delongTest.js';
import { type MetricName, metricOf } from '../evaluate/metricCatalog.js';
import { comparableModels } from '../input/alignPredictions.js';
import type { Metric } from '../sample/weighting.js';
import {
  type BootstrapOptions,
  bootstrapStatistics,
  type WeightedStatistics,
} from './bootstrap.js';
import { meanStatistics } from './bootstrapInterval.js';
import type { BootstrapInterval } from './replicateInterval.js';

/** A metric of two models on the same samples, and the interval of its difference. */
export interface BootstrapComparison extends Omit<BootstrapInterval, 'estimate'> {
  readonly a: number | null;
  readonly b: number | null;
  /** A - B. */
  readonly difference: number | null;
  /**
   * Two-sided: with k resamples on the smaller side of 0, 2 (k + 1) / (resamples + 1); never below 2 / (resamples + 1).
   * Null where there is no interval.
   */
  readonly pValue: number | null;
}

/**
 * Bootstrap interval and p-value of the difference A - B of a metric between two models (or two sets of models, each
 * averaged) on the same test samples. Both are computed on each resample, so what the samples share cancels.
 * @param metric a name, or a function in two steps that gives a number for every weighting of the samples
 * @throws RangeError when an option is out of range
 * @throws InputError when a name is unknown, predictions cannot be used, or the samples of the models differ
 */
// eslint-disable-next-line max-params -- as bootstrapInterval, with a second model
export function bootstrapDifference(
  a: Predictions | readonly Predictions[],
  b: Predictions | readonly Predictions[],
  metric: MetricName | Metric,
  options: BootstrapOptions = {},
): BootstrapComparison {
  const modelsA = [a].flat().length;
  const models = comparableModels([a, b].flat());
  return pairedBootstrap(
    { a: models.slice(0, modelsA), b: models.slice(modelsA), metrics: [metricOf(metric)] },
    options,
  )[0];
}

/** Paired bootstrap of several metrics between two aligned sets of models. */
export function pairedBootstrap(
  {
    a,
    b,
    metrics,
  }: {
    readonly a: readonly Predictions[];
    readonly b: readonly Predictions[];
    readonly metrics: readonly Metric[];
  },
  options: BootstrapOptions = {},
): BootstrapComparison[] {
  const { labels, groups } = a[0];
  return compareStatistics(
    { a: meanStatistics(a, metrics), b: meanStatistics(b, metrics) },
    labels,
    { ...options, groups: options.groups ?? groups },
  );
}

/**
 * Differences of several statistics between A and B over the same resamples.
 * @param labels samples are resampled within these, [count]; unless `groups` are resampled
 */
export function compareStatistics(
  { a, b }: { readonly a: WeightedStatistics; readonly b: WeightedStatistics },
  labels: ArrayLike<number>,
  options: BootstrapOptions,
): BootstrapComparison[] {
  const unweighted = new Float64Array(labels.length).fill(1);
  const estimatesA = a(unweighted);
  const estimatesB = b(unweighted);
  const differences = (weights: Float64Array): (number | null)[] => {
    const valuesB = b(weights);
    return a(weights).map((value, m) => subtract(value, valuesB[m]));
  };
  return bootstrapStatistics(differences, labels, options).map(
    ({ interval: { estimate, ...interval }, replicates }, m) => ({
      a: estimatesA[m],
      b: estimatesB[m],
      difference: estimate,
      pValue: interval.lower === null ? null : twoSidedPValue(replicates),
      ...interval,
    }),
  );
}

/** A paired bootstrap of AUCs in the form of DeLong's test. */
export function resampledAuc({ a, b, ...resampled }: BootstrapComparison): AucComparison {
  const { difference, standardError, pValue, lower, upper, confidence } = resampled;
  return {
    aucA: a,
    aucB: b,
    difference,
    standardError,
    z: null,
    pValue,
    lower,
    upper,
    confidence,
    undefinedBecause: resampled.undefinedBecause,
  };
}

function subtract(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function twoSidedPValue(replicates: Float64Array): number {
  let atMost = 0;
  let atLeast = 0;
  let defined = 0;
  for (const value of replicates) {
    if (value <= 0) atMost++;
    if (value >= 0) atLeast++;
    if (!Number.isNaN(value)) defined++;
  }
  return Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (defined + 1));
}
