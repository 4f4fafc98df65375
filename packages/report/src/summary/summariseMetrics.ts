import {
  type BootstrapInterval,
  intervalsOverSplits,
  meanAndStandardDeviation,
} from '@nonlocal-med/metrics';
import { everyMetric } from './everyMetric.js';
import type { MetricSummary, SummaryMetric } from './experimentSummary.js';
import type { RepeatResult } from './rowRuns.js';
import { summaryMetrics } from './summaryMetrics.js';

/** Each metric of a row over its repeats: values, mean, deviation, and the interval of the mean over test images. */
export function summariseMetrics(
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
  return everyMetric((metric) => {
    const values = repeats.map(({ report }) => report?.metrics[metric].value ?? null);
    const undefinedBecause = repeats.map(({ report, why }) =>
      report === null ? (why ?? null) : (report.metrics[metric].undefinedBecause ?? null),
    );
    const { count, mean, standardDeviation } = meanAndStandardDeviation(
      values.filter((value) => value !== null),
    );
    return {
      values,
      undefinedBecause,
      count,
      mean,
      deviation: standardDeviation,
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
    : { interval: null, noIntervalBecause: 'the resamples give one and the same value' };
}
