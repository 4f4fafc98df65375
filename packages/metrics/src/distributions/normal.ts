import { incompleteGamma } from './gamma.js';
import { invertDistribution, type Tails } from './invertDistribution.js';

/** P(Z <= z) of the standard normal distribution; keeps its relative accuracy far in the lower tail. */
export function normalCdf(z: number): number {
  return normalTails(z).lower;
}

/**
 * The z with P(Z <= z) = probability; -Infinity at 0, Infinity at 1.
 * @throws RangeError when the probability is not in [0, 1]
 */
export function normalQuantile(probability: number): number {
  if (probability === 0.5) return 0;
  return invertDistribution(probability, normalTails, [-Infinity, Infinity]);
}

/** Both tails of the standard normal distribution at z: Z^2 / 2 has the gamma distribution with shape 1/2. */
export function normalTails(z: number): Tails {
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2);
  const far = upper / 2;
  const near = 0.5 + lower / 2;
  return z < 0 ? { lower: far, upper: near } : { lower: near, upper: far };
}
