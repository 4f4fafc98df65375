import { checkBinary } from '../input/checkBinary.js';
import { scoreOrder } from '../sample/scoreOrder.js';
import { orderedAveragePrecision } from './orderedAveragePrecision.js';

/**
 * Average precision of two classes: the sum over distinct scores, from the largest, of (recall gained) x (precision
 * there), without interpolation (scikit-learn's `average_precision_score`).
 *
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when there is no positive (scikit-learn returns 0).
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index.
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
