import {
  type BootstrapInterval,
  intervalsOverSplits,
  meanAndStandardDeviation,
  reportedMetric,
  type TaskReport,
} from '@nonlocal-med/metrics';
import type { MetricSummary } from './experimentSummary.js';
import type { RepeatResult } from './rowRuns.js';
import {
  mapMetrics,
  type MetricSubject,
  type SummaryMetric,
  summaryMetrics,
} from './summaryMetrics.js';

/** How intervals are computed by resampling. */
export interface IntervalOptions {
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Each metric of a row over its repeats, with the bootstrap interval of its mean over test images, or over whole patients
 * where runs recorded them. A single run keeps the intervals of its own `metrics.json`, so that a number has the same
 * interval wherever it is shown.
 */
export function summarizeMetrics(
  repeats: readonly RepeatResult[],
  { subject, ...bootstrap }: IntervalOptions & { readonly subject: MetricSubject },
): Record<SummaryMetric, MetricSummary> {
  const finished = repeats.filter((repeat) => repeat.report !== null);
  const own = finished.length === 1 ? recordedIntervals(finished[0].report, bootstrap) : null;
  const intervals =
    finished.length === 0 || own !== null
      ? null
      : intervalsOverSplits(
          finished.map(({ predictions }) => predictions),
          summaryMetrics(subject).map(({ name }) => name),
          bootstrap,
        );
  const decides = finished.some(({ predictions }) => predictions.decisionsOnly === true);
  const intervalOf = (
    metric: SummaryMetric,
  ): Pick<MetricSummary, 'interval' | 'noIntervalBecause'> => {
    if (own !== null) return own(metric);
    const undefinedBecause =
      finished.length === 0
        ? undefined
        : reportedMetric(finished[0].report, metric).undefinedBecause;
    return decides && undefinedBecause !== undefined
      ? { interval: null, noIntervalBecause: undefinedBecause }
      : readInterval(intervals?.[metric]);
  };
  return mapMetrics(subject, (metric) => {
    const values = repeats.map(({ report }) =>
      report === null ? null : reportedMetric(report, metric).value,
    );
    return {
      values,
      undefinedBecause: repeats.map(({ report, missingBecause }) =>
        report === null
          ? (missingBecause ?? null)
          : (reportedMetric(report, metric).undefinedBecause ?? null),
      ),
      ...meanAndStandardDeviation(values.filter((value) => value !== null)),
      ...intervalOf(metric),
    };
  });
}

/** The intervals of a run's own report; null if it has none by resampling, or with another confidence level. */
function recordedIntervals(
  report: TaskReport,
  { confidence }: { readonly confidence: number },
): ((metric: SummaryMetric) => Pick<MetricSummary, 'interval' | 'noIntervalBecause'>) | null {
  if ((report.bootstrap ?? null) === null || report.confidence !== confidence) return null;
  return (metric) => {
    const { interval, noIntervalBecause, undefinedBecause } = reportedMetric(report, metric);
    return interval === undefined
      ? { interval: null, noIntervalBecause: noIntervalBecause ?? undefinedBecause }
      : { interval: { lower: interval.lower, upper: interval.upper } };
  };
}

/** An interval as summaries have it; with the reason where there is none. */
export function readInterval(
  interval: BootstrapInterval | undefined,
): Pick<MetricSummary, 'interval' | 'noIntervalBecause'> {
  if (interval === undefined) return { interval: null, noIntervalBecause: 'no run is finished' };
  const { lower, upper, undefinedBecause } = interval;
  if (lower === null || upper === null)
    return { interval: null, noIntervalBecause: undefinedBecause };
  return lower < upper
    ? { interval: { lower, upper } }
    : { interval: null, noIntervalBecause: 'all resamples have the same value' };
}
