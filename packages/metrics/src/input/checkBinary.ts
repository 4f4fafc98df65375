import { throwIssues } from '@nonlocal-med/core';
import { binaryIssues } from './binaryIssues.js';
import { checkLength } from './checkLength.js';

/**
 * @throws RangeError when lengths differ.
 * @throws InputError that lists every label other than 0 and 1 and every score that is NaN, with its index.
 */
export function checkBinary(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  name = 'scores',
): void {
  checkLength(name, scores.length, labels.length);
  throwIssues(binaryIssues(labels, scores, name));
}
