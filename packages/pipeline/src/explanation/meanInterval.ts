import { bootstrapMean } from '@nonlocal-med/metrics';

/** A mean over images with its 95 % interval (bootstrap over images, or over patients). */
export interface MeanInterval {
  readonly mean: number;
  /** Null with a single image, and where all values are one: resamples then have no width and would claim too much. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly count: number;
}

/** The mean of some values with a bootstrap interval; null without values. `groups`: whose images are drawn together. */
export function meanInterval(
  values: readonly number[],
  { seed = 0, groups }: { seed?: number; groups?: readonly string[] } = {},
): MeanInterval | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, lower: null, upper: null, count };
  const { lower, upper } = bootstrapMean(values, { seed, groups });
  return lower !== null && upper !== null && lower < upper
    ? { mean, lower, upper, count }
    : { mean, lower: null, upper: null, count };
}
