import { chiSquaredTails } from './chiSquaredTails.js';
import { invertDistribution } from './invertDistribution.js';

/**
 * The x with P(X <= x) = probability.
 * @throws RangeError when the probability is not in [0, 1] or the degrees of freedom are not above 0.
 */
export function chiSquaredQuantile(probability: number, degreesOfFreedom: number): number {
  return invertDistribution(probability, (x) => chiSquaredTails(x, degreesOfFreedom), [
    0,
    Infinity,
  ]);
}
