import { invertDistribution } from './invertDistribution.js';
import { studentTails } from './studentTails.js';

/**
 * The t with P(T <= t) = probability.
 * @throws RangeError when the probability is not in [0, 1] or the degrees of freedom are not above 0.
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability === 0.5) return 0;
  return invertDistribution(probability, (t) => studentTails(t, degreesOfFreedom), [
    -Infinity,
    Infinity,
  ]);
}
