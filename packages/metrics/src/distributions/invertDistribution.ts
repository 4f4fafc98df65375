/** Both tails of a distribution at one point; the smaller one keeps its own relative accuracy. */
export interface Tails {
  /** P(X <= x). */
  readonly lower: number;
  /** P(X > x). */
  readonly upper: number;
}

/**
 * Quantile of a continuous distribution: the point where its lower tail reaches `probability`, found by bisection down to
 * adjacent floating-point numbers. The smaller tail decides, so quantiles near 0 and 1 are equally accurate.
 * @param tailsAt both tails of the distribution at x
 * @param support ends of the distribution; may be infinite
 * @throws RangeError when the probability is not in [0, 1]
 */
export function invertDistribution(
  probability: number,
  tailsAt: (x: number) => Tails,
  support: readonly [low: number, high: number],
): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`A probability must be between 0 and 1, got ${probability}.`);
  if (probability === 0) return support[0];
  if (probability === 1) return support[1];
  const isBelow = (x: number): boolean => {
    const { lower, upper } = tailsAt(x);
    return probability <= 0.5 ? lower < probability : upper > 1 - probability;
  };
  let [low, high] = finiteBracket(isBelow, support);
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
}

/** Replaces infinite ends by powers of two on either side of the quantile. */
function finiteBracket(
  isBelow: (x: number) => boolean,
  [low, high]: readonly [number, number],
): [number, number] {
  let start = Number.isFinite(low) ? low : -1;
  while (!Number.isFinite(low) && !isBelow(start)) start *= 2;
  let end = Number.isFinite(high) ? high : 1;
  while (!Number.isFinite(high) && isBelow(end)) end *= 2;
  return [start, end];
}
