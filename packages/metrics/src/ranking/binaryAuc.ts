import { checkBinary } from '../input/checkArguments.js';
import { scoreOrder } from './scoreOrder.js';

/**
 * Area under the ROC curve of two classes from any score: P(positive > negative) + P(equal) / 2, which is the mid-rank
 * and the trapezoidal form (spec 10.2).
 *
 * @param labels 0 or 1, [count]
 * @param scores larger means positive; infinite scores are allowed, [count]
 * @returns null when one of the classes is absent.
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index.
 */
export function binaryAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  checkBinary(labels, scores);
  return (
    placements(
      labels.length,
      (i) => labels[i] === 1,
      (i) => scores[i],
    )?.auc ?? null
  );
}

/** Where each sample stands among those of the other side, and the AUC as the mean of either side's. */
interface Placements {
  /** For a positive the fraction of negatives below it, for a negative the fraction of positives above; ties half. [count] */
  readonly values: Float64Array;
  readonly positives: number;
  readonly negatives: number;
  /** P(positive > negative) + P(equal) / 2. */
  readonly auc: number;
}

/** Placement values (DeLong's V10 and V01) in one sort; null when either side is empty. */
export function placements(
  count: number,
  isPositive: (sample: number) => boolean,
  score: (sample: number) => number,
): Placements | null {
  const { samples, ends } = scoreOrder(count, score);
  const values = new Float64Array(count);
  let positives = 0;
  for (let i = 0; i < count; i++) if (isPositive(i)) positives++;
  const negatives = count - positives;
  if (positives === 0 || negatives === 0) return null;
  let area = 0;
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (let start = 0, rank = 0; rank < count; rank++) {
    if (ends[rank] === 0) continue;
    const group = samples.subarray(start, rank + 1);
    const own = group.reduce((sum, sample) => sum + (isPositive(sample) ? 1 : 0), 0);
    const others = group.length - own;
    for (const sample of group) {
      values[sample] = isPositive(sample)
        ? (negativesBelow + others / 2) / negatives
        : (positives - positivesBelow - own / 2) / positives;
    }
    area += own * (negativesBelow + others / 2);
    positivesBelow += own;
    negativesBelow += others;
    start = rank + 1;
  }
  return { values, positives, negatives, auc: area / (positives * negatives) };
}
