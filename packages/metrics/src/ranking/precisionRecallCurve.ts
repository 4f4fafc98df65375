import { checkBinary } from '../input/checkBinary.js';
import { thresholdCounts } from './thresholdCounts.js';

/** One point of a precision-recall curve: what calling every score from `threshold` up positive does. */
export interface PrecisionRecallPoint {
  /** Null at the start, where nothing is called positive; precision is 1 there by convention. */
  readonly threshold: number | null;
  readonly recall: number;
  readonly precision: number;
}

/**
 * Precision-recall curve of two classes by growing recall, one point for each distinct score. Draw it as steps: the
 * area under the steps is the average precision.
 *
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when there is no positive.
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index.
 */
export function precisionRecallCurve(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): PrecisionRecallPoint[] | null {
  checkBinary(labels, scores);
  const { thresholds, truePositives, falsePositives } = thresholdCounts(labels, scores);
  const positives = truePositives.at(-1) ?? 0;
  if (positives === 0) return null;
  return [
    { threshold: null, recall: 0, precision: 1 },
    ...thresholds.map((threshold, i) => ({
      threshold,
      recall: truePositives[i] / positives,
      precision: truePositives[i] / (truePositives[i] + falsePositives[i]),
    })),
  ];
}
