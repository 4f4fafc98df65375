import { betaDensityFactor, incompleteBeta } from './beta.js';

/** P(X <= successes) in `trials` independent trials that succeed with probability `chance`. */
export function binomialCdf(successes: number, trials: number, chance: number): number {
  if (successes < 0) return 0;
  if (successes >= trials) return 1;
  return incompleteBeta({ x: chance, a: successes + 1, b: trials - successes }).upper;
}

/** P(X = successes) in `trials` independent trials that succeed with probability `chance`, strictly between 0 and 1. */
export function binomialProbability(successes: number, trials: number, chance: number): number {
  if (successes < 0 || successes > trials) return 0;
  if (successes === 0) return Math.exp(trials * Math.log1p(-chance));
  if (successes === trials) return Math.exp(trials * Math.log(chance));
  const failures = trials - successes;
  // The probability is chance^a (1 - chance)^b Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)), and 1 / B(a, b) = Γ(a + b) / (Γ(a) Γ(b)).
  const factor = betaDensityFactor({ x: chance, a: successes, b: failures });
  return (factor * trials) / (successes * failures);
}
