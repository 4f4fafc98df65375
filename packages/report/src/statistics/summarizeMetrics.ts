import {
  type BootstrapInterval,
  intervalsOverSplits,
  meanAndStandardDeviation,
} from '@nonlocal-med/metrics';
import type { MetricSummary } from './experimentSummary.js';
import type { RepeatResult } from './rowRuns.js';
import { mapMetrics, type SummaryMetric, summaryMetrics } from './summaryMetrics.js';

/** Each metric of a row over its repeats, with the bootstrap interval of its mean over test images. */
export function summarizeMetrics(
  repeats: readonly RepeatResult[],
  bootstrap: { readonly confidence: number; readonly resamples: number; readonly seed: number },
): Record<SummaryMetric, MetricSummary> {
  const predictions = repeats.flatMap((repeat) =>
    repeat.report === null ? [] : [repeat.predictions],
  );
  const intervals =
    predictions.length === 0
      ? null
      : intervalsOverSplits(
          predictions,
          summaryMetrics.map(({ name }) => name),
          bootstrap,
        );
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
      ...readInterval(intervals?.[metric]),
    };
  });
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
