import type { Tails } from './invertDistribution.js';

/**
 * Regularized incomplete gamma functions P(a, x) (lower) and Q(a, x) (upper), for a > 0 and x >= 0: the power series
 * below a + 1 (DLMF 8.7.1), the continued fraction above (DLMF 8.9.2).
 * @throws RangeError when an argument is out of range
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (!(a > 0 && x >= 0))
    throw new RangeError(`incompleteGamma needs a > 0 and x >= 0, got a ${a}, x ${x}.`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const factor = Math.exp(-stirlingError(a) - binomialDeviance(a, x)) / Math.sqrt(2 * Math.PI * a); // x^a e^-x / Γ(a + 1)
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

/**
 * log Γ(n + 1) minus Stirling's approximation (n + 1/2) log n - n + log(2π) / 2, for n > 0: with {@link binomialDeviance}
 * one of the two parts of a binomial or Poisson probability in Loader's (2000) "Fast and accurate computation of binomial
 * probabilities". Asymptotic series from 16 on, recurrence below. R's `stirlerr`.
 */
export function stirlingError(n: number): number {
  let error = 0;
  let argument = n;
  for (; argument < 16; argument++) error += (argument + 0.5) * Math.log1p(1 / argument) - 1;
  const square = argument * argument;
  return (
    error +
    (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) /
      argument
  );
}

/**
 * x log(x / mean) + mean - x for positive x and mean (R's `bd0`). Where the two are close, a series of
 * log((1 + v) / (1 - v)) with v = (x - mean) / (x + mean) avoids the cancellation of the plain formula.
 */
export function binomialDeviance(x: number, mean: number): number {
  const difference = x - mean;
  const v = difference / (x + mean);
  if (Math.abs(v) >= 0.1) return x * Math.log(x / mean) + mean - x;
  let sum = difference * v;
  let power = 2 * x * v;
  for (let j = 1; ; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return next;
    sum = next;
  }
}
