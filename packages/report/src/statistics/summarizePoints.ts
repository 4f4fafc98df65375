import {
  intervalsOverSplits,
  meanAndStandardDeviation,
  pointText,
  type TestedPoint,
} from '@nonlocal-med/metrics';
import type { MetricSummary, PointSummary } from './experimentSummary.js';
import { type DecidedRepeat, decisionsAt, pointOf } from './repeatDecisions.js';
import type { RepeatResult } from './rowRuns.js';
import { type IntervalOptions, readInterval } from './summarizeMetrics.js';

const rates = ['sensitivity', 'specificity'] as const;

/**
 * Sensitivity and specificity of a row at each operating point over its repeats, each at the threshold that its run chose
 * on its own validation set, with the interval of the mean over test images (patients where they are known). A single run
 * keeps the intervals of its `metrics.json`.
 * @returns one per rule, in the order of the first repeat that has it; none without a validation set
 */
export function summarizePoints(
  repeats: readonly RepeatResult[],
  options: IntervalOptions,
): PointSummary[] {
  const tested = repeats.map((repeat): DecidedRepeat | null =>
    repeat.report === null || (repeat.decision ?? null) === null
      ? null
      : { ...repeat, decision: repeat.decision! },
  );
  const decided = tested.filter((repeat) => repeat !== null);
  const texts = decided.flatMap(({ decision }) =>
    decision.points.map(({ chosen }) => pointText(chosen)),
  );
  return [...new Set(texts)].map((text) => {
    const points = tested.map((repeat) => repeat && pointOf(repeat, text));
    const intervals =
      decided.length === 1
        ? null
        : intervalsOverSplits(
            decided.flatMap((repeat) => decisionsAt(repeat, text)),
            rates,
            options,
          );
    const summarize = (rate: (typeof rates)[number]): MetricSummary => {
      const values = points.map((point) => point?.test[rate].value ?? null);
      const single = points.find((point) => point !== null)?.test[rate].interval;
      return {
        values,
        undefinedBecause: points.map((point, repeat) => whyUndefined(point, rate, repeats[repeat])),
        ...meanAndStandardDeviation(values.filter((value) => value !== null)),
        ...(intervals === null
          ? { interval: single === undefined ? null : { lower: single.lower, upper: single.upper } }
          : readInterval(intervals[rate])),
      };
    };
    return {
      point: text,
      thresholds: points.map((point) => point?.chosen.threshold ?? null),
      sensitivity: summarize('sensitivity'),
      specificity: summarize('specificity'),
    };
  });
}

function whyUndefined(
  point: TestedPoint | null,
  rate: (typeof rates)[number],
  { missingBecause }: RepeatResult,
): string | null {
  if (point === null) return missingBecause ?? 'no threshold was chosen by this rule';
  return point.test[rate].undefinedBecause ?? null;
}
