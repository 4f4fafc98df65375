import { saddleDeviance } from './saddleDeviance.js';
import { stirlingError } from './stirlingError.js';

/** x^a y^b / B(a, b) for a, b > 0 and x + y = 1, both above 0, in Loader's (2000) form. */
export function betaDensityFactor({
  x,
  y,
  a,
  b,
}: {
  x: number;
  y: number;
  a: number;
  b: number;
}): number {
  const n = a + b;
  const exponent =
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    saddleDeviance(a, n * x) -
    saddleDeviance(b, n * y);
  return Math.exp(exponent) * Math.sqrt((a / n) * (b / (2 * Math.PI)));
}
