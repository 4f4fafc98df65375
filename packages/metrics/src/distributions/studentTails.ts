import { incompleteBeta } from './incompleteBeta.js';
import type { Tails } from './tails.js';

/** Both tails of Student's t distribution at t; degrees of freedom > 0, whole or not. */
export function studentTails(t: number, degreesOfFreedom: number): Tails {
  if (!(degreesOfFreedom > 0))
    throw new RangeError(`Degrees of freedom are above 0, got ${degreesOfFreedom}.`);
  const square = t * t;
  const x = square === Infinity ? 0 : degreesOfFreedom / (degreesOfFreedom + square);
  const y = square === Infinity ? 1 : square / (degreesOfFreedom + square);
  const { lower, upper } = incompleteBeta({ x, y, a: degreesOfFreedom / 2, b: 0.5 });
  const far = lower / 2;
  const near = 0.5 + upper / 2;
  return t < 0 ? { lower: far, upper: near } : { lower: near, upper: far };
}
