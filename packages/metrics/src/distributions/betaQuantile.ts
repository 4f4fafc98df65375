import { incompleteBeta } from './incompleteBeta.js';
import { invertDistribution } from './invertDistribution.js';

/**
 * The x with I_x(a, b) = probability, for a, b > 0.
 * @throws RangeError when the probability is not in [0, 1] or a or b is not above 0.
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  return invertDistribution(probability, (x) => incompleteBeta({ x, a, b }), [0, 1]);
}
