import { betaDensityFactor, incompleteBeta } from './beta.js';

/** P(X <= successes) for `trials` independent trials with the given chance of success. */
export function binomialCdf(successes: number, trials: number, chance: number): number {
  if (successes < 0) return 0;
  if (successes >= trials) return 1;
  return incompleteBeta({ x: chance, a: successes + 1, b: trials - successes }).upper;
}

/** P(X = successes) for `trials` independent trials with a chance of success strictly between 0 and 1. */
export function binomialProbability(successes: number, trials: number, chance: number): number {
  if (successes < 0 || successes > trials) return 0;
  if (successes === 0) return Math.exp(trials * Math.log1p(-chance));
  if (successes === trials) return Math.exp(trials * Math.log(chance));
  const factor = betaDensityFactor({
    x: chance,
    y: 1 - chance,
    a: successes,
    b: trials - successes,
  });
  return (factor * trials) / (successes * (trials - successes)); // 1 / B(a, b) = ab / (a + b) * Γ(a+b+1) / (Γ(a+1) Γ(b+1))
}
