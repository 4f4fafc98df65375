import type { BootstrapInterval } from '../resampling/summariseReplicates.js';
import type { MetricEstimate, MetricInterval } from './evaluationReport.js';

/** What is known of one metric before its interval is chosen. */
export interface EstimateParts {
  readonly value: number | null;
  readonly whyUndefined: () => string;
  /** Interval by formula, where there is one. */
  readonly analytic?: MetricInterval;
  /** Interval by resampling, where it was asked for. */
  readonly bootstrap?: BootstrapInterval;
}

/**
 * Chooses a metric's interval: the bootstrap's where it was asked for, else the formula's. A bootstrap whose resamples
 * all give one value (every prediction right) has no width and claims too much: the formula's stands in, or none.
 */
export function metricEstimate({
  value,
  whyUndefined,
  analytic,
  bootstrap,
}: EstimateParts): MetricEstimate {
  if (value === null) return { value, undefinedBecause: whyUndefined() };
  if (bootstrap === undefined)
    return analytic === undefined ? { value } : { value, interval: analytic };
  const { lower, upper, method, undefinedBecause } = bootstrap;
  if (lower !== null && upper !== null && lower < upper)
    return { value, interval: { lower, upper, method: `bootstrap-${method}` } };
  if (analytic !== undefined) return { value, interval: analytic };
  return {
    value,
    noIntervalBecause: undefinedBecause ?? 'the resamples give one and the same value',
  };
}
