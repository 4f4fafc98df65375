import { count } from '@nonlocal-med/core';
import type { TaskComparison } from '@nonlocal-med/metrics';
import { formatPStatement } from './numberText.js';

/** Differences with a p value below this are called significant. */
const LEVEL = 0.05;

/** The AUC's p value adjusted for the number of comparisons. */
export interface Correction {
  readonly adjusted?: number | null;
  readonly comparisons?: number;
}

/**
 * Describes the difference between the AUCs of two models in two lines: whether it is statistically significant, and
 * what that does not show.
 * @param names the first and the second model
 * @param comparison the second model (A) compared with the first (B)
 * @example
 * ```ts
 * import { comparePredictions } from '@nonlocal-med/metrics';
 * import { describeComparison } from '@nonlocal-med/report';
 *
 * const predictions = {
 *   classes: ['healthy', 'lesion'],
 *   ids: ['a', 'b', 'c', 'd'],
 *   labels: Int32Array.of(0, 0, 1, 1),
 *   probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.6, 0.4, 0.2, 0.8),
 * };
 * const comparison = comparePredictions(predictions, predictions, { resamples: 10 });
 * const [verdict] = describeComparison(['first', 'second'], comparison).split('\n');
 * console.log(verdict); // The AUCs of first and second differ by 0.000; the difference is not statistically significant (DeLong's test on 4 test images, p = 1.000).
 * ```
 */
export function describeComparison(
  [first, second]: readonly [string, string],
  comparison: TaskComparison,
  { adjusted, comparisons = 1 }: Correction = {},
): string {
  const { auc, samples, groups } = comparison;
  const isMean = 'perFinding' in comparison;
  const name = isMean ? 'mean AUC' : 'AUC';
  const { difference, undefinedBecause } = auc;
  const pValue = adjusted ?? auc.pValue;
  if (difference === null || pValue === null)
    return `The ${name}s of ${first} and ${second} cannot be compared: ${undefinedBecause ?? 'they are not defined'}.`;
  const size = Math.abs(difference).toFixed(3);
  const correction =
    comparisons > 1 ? ` after Holm's correction for ${comparisons} comparisons` : '';
  const overImages = isMean ? 'paired bootstrap' : "DeLong's test";
  const method = groups === null ? overImages : 'paired bootstrap over whole patients';
  const images = groups === null ? '' : ` of ${count(groups, 'patient')}`;
  const test = `${method} on ${samples} test images${images}, ${formatPStatement(pValue)}${correction}`;
  const training =
    'Each model was trained once. Another random seed would also change these numbers; only repeated runs show by how much.';
  if (pValue >= LEVEL)
    return `The ${name}s of ${first} and ${second} differ by ${size}; the difference is not statistically significant (${test}).\n${training}`;
  const [better, worse] = difference > 0 ? [second, first] : [first, second];
  return `${better} has the higher ${name}, by ${size}; the difference is statistically significant (${test}).\n${training} The result does not show that ${worse} would be worse on other data.`;
}
