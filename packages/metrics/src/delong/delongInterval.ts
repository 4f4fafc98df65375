import { checkBinary } from '../input/checkBinary.js';
import type { AucInterval, AucIntervalOptions } from './aucInterval.js';
import { binaryInfluence } from './binaryInfluence.js';
import { influenceInterval } from './influenceInterval.js';

/**
 * Two-class AUC with DeLong's (1988) interval, in O(n log n) (Sun and Xu 2014).
 *
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index.
 */
export function delongInterval(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: AucIntervalOptions = {},
): AucInterval {
  checkBinary(labels, scores);
  return influenceInterval(binaryInfluence(labels, scores), labels, options);
}
