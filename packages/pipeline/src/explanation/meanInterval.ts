import { bootstrapInterval } from '@nonlocal-med/metrics';

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
  const predictions = {
    classes: ['', ' '],
    ids: values.map((_, index) => String(index)),
    labels: new Int32Array(count),
    probabilities: Float64Array.from({ length: 2 * count }, (_, i) => 1 - (i % 2)),
  };
  const weightedMean =
    () =>
    ({ weights }: { weights: Float64Array }): number => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.reduce((sum, weight, index) => sum + weight * values[index], 0) / total;
    };
  const { lower, upper } = bootstrapInterval(predictions, weightedMean, { seed, groups });
  return lower !== null && upper !== null && lower < upper
    ? { mean, lower, upper, count }
    : { mean, lower: null, upper: null, count };
}
