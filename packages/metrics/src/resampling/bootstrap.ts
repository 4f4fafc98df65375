import { createRandom } from '@nonlocal-med/core';
import type { ResamplingUnits } from './resamplingUnits.js';

/** Several statistics of samples that each count `weights[i]` times; null where one is not defined. */
export type WeightedStatistics = (weights: Float64Array) => readonly (number | null)[];

/**
 * Values of statistics on resamples drawn with replacement: one array a statistic, [resamples], NaN where it is not
 * defined. Equal seeds draw equal resamples, whatever the statistics.
 *
 * @throws RangeError when the number of resamples is not a whole number from 1 on.
 */
export function bootstrap(
  statistics: WeightedStatistics,
  { unitOf, strata }: ResamplingUnits,
  { resamples = 2000, seed = 0 }: { readonly resamples?: number; readonly seed?: number } = {},
): Float64Array[] {
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`The number of resamples is a whole number from 1 on, got ${resamples}.`);
  const random = createRandom(seed, 'bootstrap');
  const drawn = new Float64Array(strata.reduce((sum, units) => sum + units.length, 0));
  const weights = new Float64Array(unitOf.length);
  let replicates: Float64Array[] | undefined;
  for (let b = 0; b < resamples; b++) {
    drawn.fill(0);
    for (const units of strata)
      for (let k = 0; k < units.length; k++) drawn[units[random.integer(units.length)]]++;
    for (let i = 0; i < weights.length; i++) weights[i] = drawn[unitOf[i]];
    const values = statistics(weights);
    replicates ??= values.map(() => new Float64Array(resamples));
    for (let s = 0; s < values.length; s++) replicates[s][b] = values[s] ?? NaN;
  }
  return replicates ?? [];
}
