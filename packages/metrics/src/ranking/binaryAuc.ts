import { checkBinary } from '../input/checkBinary.js';
import { placements } from './placements.js';

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
