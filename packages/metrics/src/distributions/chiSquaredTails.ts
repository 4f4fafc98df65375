import { incompleteGamma } from './incompleteGamma.js';
import type { Tails } from './tails.js';

/** Both tails of the chi-squared distribution at x >= 0; the upper one is a test's p-value. */
export function chiSquaredTails(x: number, degreesOfFreedom: number): Tails {
  return incompleteGamma(degreesOfFreedom / 2, x / 2);
}
