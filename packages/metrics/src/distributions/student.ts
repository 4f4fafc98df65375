import { incompleteBeta } from './beta.js';
import { invertDistribution, type Tails } from './invertDistribution.js';

/**
 * P(T <= t) of Student's t distribution; keeps its relative accuracy far in the lower tail.
 * @throws RangeError when the degrees of freedom are not above 0
 */
export function studentCdf(t: number, degreesOfFreedom: number): number {
  return studentTails(t, degreesOfFreedom).lower;
}

/**
 * The t with P(T <= t) = probability.
 * @throws RangeError when the probability is not in [0, 1] or the degrees of freedom are not above 0
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability === 0.5) return 0;
  return invertDistribution(probability, (t) => studentTails(t, degreesOfFreedom), [
    -Infinity,
    Infinity,
  ]);
}

/**
 * Both tails of Student's t distribution at t.
 * @param degreesOfFreedom above 0, not necessarily an integer
 * @throws RangeError when the degrees of freedom are not above 0
 */
export function studentTails(t: number, degreesOfFreedom: number): Tails {
  if (!(degreesOfFreedom > 0))
    throw new RangeError(`Degrees of freedom must be above 0, got ${degreesOfFreedom}.`);
  const square = t * t;
  const x = square === Infinity ? 0 : degreesOfFreedom / (degreesOfFreedom + square);
  const y = square === Infinity ? 1 : square / (degreesOfFreedom + square);
  const { lower, upper } = incompleteBeta({ x, y, a: degreesOfFreedom / 2, b: 0.5 });
  const far = lower / 2;
  const near = 0.5 + upper / 2;
  return t < 0 ? { lower: far, upper: near } : { lower: near, upper: far };
}
