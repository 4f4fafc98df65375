import { safeDivide } from '../confusion/averages.js';
import { checkBinary } from '../input/checkArguments.js';
import { type ScoreOrder, scoreOrder, thresholdCounts } from './scoreOrder.js';

/** A point of a precision-recall curve: the result of calling every score from `threshold` up positive. */
export interface PrecisionRecallPoint {
  /** Null at the start, where nothing is called positive; precision is 1 there by convention. */
  readonly threshold: number | null;
  readonly recall: number;
  readonly precision: number;
}

/**
 * Precision-recall curve of two classes by increasing recall, one point per distinct score. Plot it as steps: the area
 * under the steps is the average precision.
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when there are no positives
 * @throws RangeError when lengths differ
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
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

/**
 * Average precision of two classes: the sum over distinct scores, from the largest, of (recall gained) x (precision
 * there), without interpolation (scikit-learn's `average_precision_score`).
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when there are no positives (scikit-learn returns 0)
 * @throws RangeError when lengths differ
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 */
export function averagePrecision(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): number | null {
  checkBinary(labels, scores);
  return orderedAveragePrecision(
    scoreOrder(labels.length, (i) => scores[i]),
    Uint8Array.from(labels),
    new Float64Array(labels.length).fill(1),
  );
}

/**
 * Average precision from presorted scores; null without positives.
 * @param isPositive 0 or 1 per sample, [count]
 * @param weights how often each sample counts, [count]
 */
export function orderedAveragePrecision(
  { samples, ends }: ScoreOrder,
  isPositive: Uint8Array,
  weights: Float64Array,
): number | null {
  let positives = 0;
  let all = 0;
  let newPositives = 0;
  let sum = 0;
  for (let rank = samples.length - 1; rank >= 0; rank--) {
    const sample = samples[rank];
    const weight = weights[sample];
    all += weight;
    if (isPositive[sample] === 1) newPositives += weight;
    if (rank > 0 && ends[rank - 1] === 0) continue;
    positives += newPositives;
    if (newPositives > 0) sum += (newPositives * positives) / all;
    newPositives = 0;
  }
  return safeDivide(sum, positives);
}
