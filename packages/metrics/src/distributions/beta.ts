import { binomialDeviance, stirlingError } from './gamma.js';
import { invertDistribution, type Tails } from './invertDistribution.js';

/** Argument and shape parameters of a beta distribution. */
export interface BetaArguments {
  readonly x: number;
  /** 1 - x; worth passing where the subtraction would round. */
  readonly y?: number;
  readonly a: number;
  readonly b: number;
}

/**
 * Regularized incomplete beta function I_x(a, b) and its complement, for a, b > 0 and 0 <= x <= 1: the continued fraction
 * DLMF 8.17.22 by Lentz's method, times Loader's form of x^a y^b / B(a, b).
 * @throws RangeError when an argument is out of range
 */
export function incompleteBeta({ x, y = 1 - x, a, b }: BetaArguments): Tails {
  if (!(a > 0 && b > 0 && x >= 0 && y >= 0))
    throw new RangeError(
      `incompleteBeta needs a, b > 0 and 0 <= x <= 1, got x ${x}, a ${a}, b ${b}.`,
    );
  if (x === 0) return { lower: 0, upper: 1 };
  if (y === 0) return { lower: 1, upper: 0 };
  if (x > (a + 1) / (a + b + 2)) {
    const { lower, upper } = incompleteBeta({ x: y, y: x, a: b, b: a });
    return { lower: upper, upper: lower };
  }
  const lower = (betaDensityFactor({ x, y, a, b }) / a) * continuedFraction(x, a, b);
  return { lower, upper: 1 - lower };
}

/**
 * The x with I_x(a, b) = probability, for a, b > 0.
 * @throws RangeError when the probability is not in [0, 1] or a or b is not above 0
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  return invertDistribution(probability, (x) => incompleteBeta({ x, a, b }), [0, 1]);
}

/** x^a y^b / B(a, b) for a, b > 0 and x, y > 0, in the form of Loader (2000). */
export function betaDensityFactor({ x, y = 1 - x, a, b }: BetaArguments): number {
  const n = a + b;
  const exponent =
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    binomialDeviance(a, n * x) -
    binomialDeviance(b, n * y);
  return Math.exp(exponent) * Math.sqrt((a / n) * (b / (2 * Math.PI)));
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 1_000_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 2e-16) return fraction;
  }
  throw new Error(`The incomplete beta function did not converge at x ${x}, a ${a}, b ${b}.`);
}
