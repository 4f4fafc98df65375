/** Mean and sample standard deviation (ddof 1) of some values. */
export interface MeanAndStandardDeviation {
  readonly count: number;
  /** Null without values. */
  readonly mean: number | null;
  /** Null with fewer than two values. */
  readonly standardDeviation: number | null;
}

/**
 * Mean and sample standard deviation (divisor n - 1), as the paper's tables give them over repeats.
 * @param values [count]
 * @throws RangeError at a value that is not finite, with its index
 */
export function meanAndStandardDeviation(values: ArrayLike<number>): MeanAndStandardDeviation {
  const all = Array.from(values);
  const wrong = all.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new RangeError(`Value ${wrong} is ${all[wrong]}; leave out what is not defined.`);
  const count = all.length;
  if (count === 0) return { count, mean: null, standardDeviation: null };
  const mean = all.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { count, mean, standardDeviation: null };
  return {
    count,
    mean,
    standardDeviation: Math.sqrt(
      all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1),
    ),
  };
}
