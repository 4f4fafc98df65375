import type { SummaryMetric } from './experimentSummary.js';
import { summaryMetrics } from './summaryMetrics.js';

/** A value for each metric of a summary. */
export function everyMetric<T>(make: (metric: SummaryMetric) => T): Record<SummaryMetric, T> {
  return Object.fromEntries(summaryMetrics.map(({ name }) => [name, make(name)])) as Record<
    SummaryMetric,
    T
  >;
}
