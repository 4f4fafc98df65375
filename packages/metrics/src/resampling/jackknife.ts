import type { WeightedStatistics } from './bootstrap.js';
import type { ResamplingUnits } from './resamplingUnits.js';

/** Values of statistics with one unit left out at a time: one array a statistic, [units], NaN where it is not defined. */
export function jackknife(
  statistics: WeightedStatistics,
  { unitOf, strata }: ResamplingUnits,
): Float64Array[] {
  const count = strata.reduce((sum, units) => sum + units.length, 0);
  const weights = new Float64Array(unitOf.length);
  let values: Float64Array[] | undefined;
  for (let unit = 0; unit < count; unit++) {
    for (let i = 0; i < weights.length; i++) weights[i] = unitOf[i] === unit ? 0 : 1;
    const left = statistics(weights);
    values ??= left.map(() => new Float64Array(count));
    for (let s = 0; s < left.length; s++) values[s][unit] = left[s] ?? NaN;
  }
  return values ?? [];
}
