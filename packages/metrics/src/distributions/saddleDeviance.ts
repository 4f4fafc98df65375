/**
 * x log(x / mean) + mean - x for positive x and mean, without the cancellation of the plain formula where the two are
 * close (Loader 2000, `bd0`): there by the series of log((1 + v) / (1 - v)), v = (x - mean) / (x + mean).
 */
export function saddleDeviance(x: number, mean: number): number {
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
