import { acceleration } from './acceleration.js';
import { bootstrap, type WeightedStatistics } from './bootstrap.js';
import type { BootstrapOptions } from './bootstrapOptions.js';
import { jackknife } from './jackknife.js';
import { resamplingUnits } from './resamplingUnits.js';
import { type BootstrapInterval, summariseReplicates } from './summariseReplicates.js';

/** An interval with the replicates it was read from (NaN where undefined), [resamples]. */
export interface ResampledStatistic {
  readonly interval: BootstrapInterval;
  readonly replicates: Float64Array;
}

/** Estimates, replicates and intervals of several statistics over the same resamples. */
export function bootstrapStatistics(
  statistics: WeightedStatistics,
  labels: ArrayLike<number>,
  { resamples, seed, confidence, method = 'percentile', groups }: BootstrapOptions = {},
): ResampledStatistic[] {
  const units = resamplingUnits(labels, groups);
  const estimates = statistics(new Float64Array(labels.length).fill(1));
  const replicates = bootstrap(statistics, units, { resamples, seed });
  const leaveOneOut = method === 'bca' ? jackknife(statistics, units) : [];
  return estimates.map((estimate, s) => ({
    replicates: replicates[s],
    interval: summariseReplicates(estimate, replicates[s], {
      confidence,
      method,
      acceleration: method === 'bca' ? acceleration(leaveOneOut[s], units.strata) : 0,
    }),
  }));
}
