import { incompleteGamma } from './incompleteGamma.js';
import type { Tails } from './tails.js';

/** Both tails of the standard normal distribution at z. */
export function normalTails(z: number): Tails {
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2);
  const far = upper / 2;
  const near = 0.5 + lower / 2;
  return z < 0 ? { lower: far, upper: near } : { lower: near, upper: far };
}
