/** Both tails of a distribution at one point; each keeps its own relative accuracy where it is the small one. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The point where a distribution's lower tail reaches `probability`, by bisection of [low, high] down to neighbouring
 * numbers; ends may be infinite. The smaller tail decides, so that both ends keep their accuracy.
 *
 * @throws RangeError when the probability is not in [0, 1].
 */
export function invertDistribution(
  probability: number,
  tailsAt: (x: number) => Tails,
  support: readonly [low: number, high: number],
): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`A probability is between 0 and 1, got ${probability}.`);
  if (probability === 0) return support[0];
  if (probability === 1) return support[1];
  const below = (x: number): boolean => {
    const { lower, upper } = tailsAt(x);
    return probability <= 0.5 ? lower < probability : upper > 1 - probability;
  };
  let [low, high] = finiteBracket(below, support);
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (below(middle)) low = middle;
    else high = middle;
  }
}

function finiteBracket(
  below: (x: number) => boolean,
  [low, high]: readonly [number, number],
): [number, number] {
  let start = Number.isFinite(low) ? low : -1;
  while (!Number.isFinite(low) && !below(start)) start *= 2;
  let end = Number.isFinite(high) ? high : 1;
  while (!Number.isFinite(high) && below(end)) end *= 2;
  return [start, end];
}
