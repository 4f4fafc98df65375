import {
  type BootstrapInterval,
  type EvaluationReport,
  intervalsOverSplits,
  meanAndStandardDeviation,
} from '@nonlocal-med/metrics';
import type { MetricSummary } from './experimentSummary.js';
import type { RepeatResult } from './rowRuns.js';
import { mapMetrics, type SummaryMetric, summaryMetrics } from './summaryMetrics.js';

/**
 * Each metric of a row over its repeats, with the bootstrap interval of its mean over test images, or over whole patients
 * where runs recorded them. A single run keeps the intervals of its own `metrics.json`, so that a number has the same
 * interval wherever it is shown.
 */
export function summarizeMetrics(
  repeats: readonly RepeatResult[],
  bootstrap: { readonly confidence: number; readonly resamples: number; readonly seed: number },
): Record<SummaryMetric, MetricSummary> {
  const finished = repeats.filter((repeat) => repeat.report !== null);
  const own = finished.length === 1 ? recordedIntervals(finished[0].report, bootstrap) : null;
  const intervals =
    finished.length === 0 || own !== null
      ? null
      : intervalsOverSplits(
          finished.map(({ predictions }) => predictions),
          summaryMetrics.map(({ name }) => name),
          bootstrap,
        );
  const decides = finished.some(({ predictions }) => predictions.decisionsOnly === true);
  const intervalOf = (
    metric: SummaryMetric,
  ): Pick<MetricSummary, 'interval' | 'noIntervalBecause'> => {
    if (own !== null) return own(metric);
    const { undefinedBecause } = finished[0]?.report.metrics[metric] ?? {};
    return decides && undefinedBecause !== undefined
      ? { interval: null, noIntervalBecause: undefinedBecause }
      : readInterval(intervals?.[metric]);
  };
  return mapMetrics((metric) => {
    const values = repeats.map(({ report }) => report?.metrics[metric].value ?? null);
    return {
      values,
      undefinedBecause: repeats.map(({ report, missingBecause }) =>
        report === null
          ? (missingBecause ?? null)
          : (report.metrics[metric].undefinedBecause ?? null),
      ),
      ...meanAndStandardDeviation(values.filter((value) => value !== null)),
      ...intervalOf(metric),
    };
  });
}

/** The intervals of a run's own report; null if it has none by resampling, or with another confidence level. */
function recordedIntervals(
  { bootstrap, confidence: recorded, metrics }: EvaluationReport,
  { confidence }: { readonly confidence: number },
): ((metric: SummaryMetric) => Pick<MetricSummary, 'interval' | 'noIntervalBecause'>) | null {
  if ((bootstrap ?? null) === null || recorded !== confidence) return null;
  return (metric) => {
    const { interval, noIntervalBecause, undefinedBecause } = metrics[metric];
    return interval === undefined
      ? { interval: null, noIntervalBecause: noIntervalBecause ?? undefinedBecause }
      : { interval: { lower: interval.lower, upper: interval.upper } };
  };
}

function readInterval(
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
