import type { MetricEstimate } from '@nonlocal-med/metrics';

/** `0.912 (0.88 to 0.94)`, or a dash where the metric is not defined. */
export function estimateText({ value, interval }: MetricEstimate): string {
  if (value === null) return '-';
  return interval === undefined
    ? value.toFixed(3)
    : `${value.toFixed(3)} (${interval.lower.toFixed(2)} to ${interval.upper.toFixed(2)})`;
}
