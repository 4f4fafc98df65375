import type { Random } from '@nonlocal-med/core';

/**
 * A number from the beta distribution whose two parameters are equal: the share of one of two gamma variates. In
 * logarithms, because small parameters give variates below the smallest number.
 * @param parameter above 0; below 1 most numbers are near 0 or 1, at 1 all are equally likely, above most are near 0.5
 */
export function sampleBeta(random: Random, parameter: number): number {
  const first = sampleLogGamma(random, parameter);
  const second = sampleLogGamma(random, parameter);
  return 1 / (1 + Math.exp(second - first));
}

/** The logarithm of a number from the gamma distribution with scale 1 (Marsaglia and Tsang 2000). */
function sampleLogGamma(random: Random, shape: number): number {
  if (shape < 1) return sampleLogGamma(random, shape + 1) + Math.log(1 - random.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < normal ** 2 / 2 + d - d * v + d * Math.log(v))
      return Math.log(d * v);
  }
}
