import { incompleteBeta } from './incompleteBeta.js';

/** P(X <= successes) for `trials` independent trials with the given chance of success. */
export function binomialCdf(successes: number, trials: number, chance: number): number {
  if (successes < 0) return 0;
  if (successes >= trials) return 1;
  return incompleteBeta({ x: chance, a: successes + 1, b: trials - successes }).upper;
}
