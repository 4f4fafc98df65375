import type { Predictions } from '@nonlocal-med/core';
import type { Metric } from '../sample/metric.js';
import type { BootstrapOptions } from './bootstrapOptions.js';
import { bootstrapStatistics } from './bootstrapStatistics.js';
import { meanStatistics } from './meanStatistics.js';
import type { BootstrapInterval } from './summariseReplicates.js';

/** A metric of two models on the same samples, and the interval of its difference. */
export interface BootstrapComparison extends Omit<BootstrapInterval, 'estimate'> {
  readonly a: number | null;
  readonly b: number | null;
  /** A - B. */
  readonly difference: number | null;
  /**
   * Two-sided: twice the smaller share of resamples on either side of 0, (k + 1) / (resamples + 1); never below
   * 2 / (resamples + 1). Null where there is no interval.
   */
  readonly pValue: number | null;
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
  const { labels } = a[0];
  const first = meanStatistics(a, metrics);
  const second = meanStatistics(b, metrics);
  const all = new Float64Array(labels.length).fill(1);
  const valuesA = first(all);
  const valuesB = second(all);
  const differences = (weights: Float64Array): (number | null)[] => {
    const others = second(weights);
    return first(weights).map((value, m) => subtract(value, others[m]));
  };
  return bootstrapStatistics(differences, labels, options).map(
    ({ interval: { estimate, ...interval }, replicates }, m) => ({
      a: valuesA[m],
      b: valuesB[m],
      difference: estimate,
      pValue: interval.lower === null ? null : twoSided(replicates),
      ...interval,
    }),
  );
}

function subtract(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function twoSided(replicates: Float64Array): number {
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
