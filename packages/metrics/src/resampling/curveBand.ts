import { checkConfidence } from '../input/checkConfidence.js';
import type { WeightedStatistics } from './bootstrap.js';
import type { BootstrapOptions } from './bootstrapOptions.js';
import { bootstrapStatistics } from './bootstrapStatistics.js';

/** One step of a band around a curve. */
export interface BandPoint {
  readonly x: number;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** A curve's height over samples that each count `weights[i]` times, at the points of a grid; null where it has none. */
export type WeightedCurve = (
  weights: Float64Array,
  grid: Float64Array,
) => readonly (number | null)[];

/** Pointwise bootstrap band around a curve at `points` equal steps from 0 to 1; points without one are left out. */
export function curveBand(
  curve: WeightedCurve,
  labels: ArrayLike<number>,
  { points = 101, ...options }: Omit<BootstrapOptions, 'method'> & { readonly points?: number },
): BandPoint[] {
  if (!Number.isInteger(points) || points < 2)
    throw new RangeError(`The number of points is a whole number from 2 on, got ${points}.`);
  checkConfidence(options.confidence ?? 0.95);
  const grid = Float64Array.from({ length: points }, (_, i) => i / (points - 1));
  const heights: WeightedStatistics = (weights) => curve(weights, grid);
  return bootstrapStatistics(heights, labels, { ...options, method: 'percentile' }).flatMap(
    ({ interval: { estimate, lower, upper } }, i) =>
      estimate === null || lower === null || upper === null
        ? []
        : [{ x: grid[i], estimate, lower, upper }],
  );
}
