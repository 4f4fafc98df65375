import { checkBinary } from '../input/checkArguments.js';
import { scoreOrder } from './scoreOrder.js';

/**
 * Area under the ROC curve of two classes from any score: P(positive > negative) + P(equal) / 2, which equals both the
 * mid-rank and the trapezoidal form (specification, 10.2).
 * @param labels 0 or 1, [count]
 * @param scores larger means positive; infinite scores are allowed, [count]
 * @returns null when one of the classes is absent
 * @throws RangeError when lengths differ
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
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

/** Rank of each sample among those of the other class. */
export interface Placements {
  /** For a positive the fraction of negatives below it, for a negative the fraction of positives above; ties half. [count] */
  readonly values: Float64Array;
  readonly positives: number;
  readonly negatives: number;
  /** P(positive > negative) + P(equal) / 2: the mean over the positives, and over the negatives. */
  readonly auc: number;
}

/** Placement values (DeLong's V10 and V01) in one sort; null when one of the classes is absent. */
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
    const tied = samples.subarray(start, rank + 1);
    const tiedPositives = tied.reduce((sum, sample) => sum + (isPositive(sample) ? 1 : 0), 0);
    const tiedNegatives = tied.length - tiedPositives;
    for (const sample of tied) {
      values[sample] = isPositive(sample)
        ? (negativesBelow + tiedNegatives / 2) / negatives
        : (positives - positivesBelow - tiedPositives / 2) / positives;
    }
    area += tiedPositives * (negativesBelow + tiedNegatives / 2);
    positivesBelow += tiedPositives;
    negativesBelow += tiedNegatives;
    start = rank + 1;
  }
  return { values, positives, negatives, auc: area / (positives * negatives) };
}
