import { checkBinary } from '../input/checkBinary.js';
import { binaryInfluence } from './binaryInfluence.js';
import { type AucComparison, compareInfluences } from './compareInfluences.js';

/**
 * DeLong's (1988) paired test of two AUCs on the same samples, two classes, in O(n log n) (Sun and Xu 2014).
 *
 * @param labels 0 or 1, [count]
 * @param scoresA scores of the first model, larger means positive, [count]
 * @param scoresB scores of the second model on the same samples, [count]
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index.
 */
export function delongTest(
  labels: ArrayLike<number>,
  scoresA: ArrayLike<number>,
  scoresB: ArrayLike<number>,
  { confidence }: { readonly confidence?: number } = {},
): AucComparison {
  checkBinary(labels, scoresA, 'scoresA');
  checkBinary(labels, scoresB, 'scoresB');
  return compareInfluences(binaryInfluence(labels, scoresA), binaryInfluence(labels, scoresB), {
    labels,
    confidence,
  });
}
