import { invertDistribution } from './invertDistribution.js';
import { normalTails } from './normalTails.js';

/**
 * The z with P(Z <= z) = probability; -Infinity at 0, Infinity at 1.
 * @throws RangeError when the probability is not in [0, 1].
 */
export function normalQuantile(probability: number): number {
  if (probability === 0.5) return 0;
  return invertDistribution(probability, normalTails, [-Infinity, Infinity]);
}
