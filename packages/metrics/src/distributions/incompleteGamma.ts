import { saddleDeviance } from './saddleDeviance.js';
import { stirlingError } from './stirlingError.js';
import type { Tails } from './tails.js';

/**
 * Regularised incomplete gamma functions P(a, x) (lower) and Q(a, x) (upper), for a > 0 and x >= 0: the power series
 * below a + 1 (DLMF 8.7.1), the continued fraction above (DLMF 8.9.2).
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (!(a > 0 && x >= 0))
    throw new RangeError(`incompleteGamma takes a > 0 and x >= 0, got a ${a}, x ${x}.`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const factor = Math.exp(-stirlingError(a) - saddleDeviance(a, x)) / Math.sqrt(2 * Math.PI * a); // x^a e^-x / Γ(a + 1)
  if (x < a + 1) {
    const lower = factor * powerSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = factor * a * continuedFraction(a, x);
  return { lower: 1 - upper, upper };
}

function powerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k <= 1_000_000; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 2e-16) return fraction;
  }
  throw new Error(`The incomplete gamma function did not converge at a ${a}, x ${x}.`);
}
