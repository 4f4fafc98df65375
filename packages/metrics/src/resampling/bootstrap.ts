import { createRandom } from '@nonlocal-med/core';
import { checkLength } from '../input/checkArguments.js';
import {
  acceleration,
  type BootstrapInterval,
  type BootstrapMethod,
  summarizeReplicates,
} from './replicateInterval.js';

/** How resamples are drawn and read. */
export interface BootstrapOptions {
  /** Default 2000. */
  readonly resamples?: number;
  /** Default 0; equal seeds draw equal resamples. */
  readonly seed?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default `percentile`. */
  readonly method?: BootstrapMethod;
  /** Group of each sample (its patient), [count]: whole groups are then drawn, instead of samples within their class. */
  readonly groups?: readonly string[];
}

/** An interval with the replicates it was read from (NaN where undefined), [resamples]. */
interface ResampledStatistic {
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
    interval: summarizeReplicates(estimate, replicates[s], {
      confidence,
      method,
      acceleration: method === 'bca' ? acceleration(leaveOneOut[s], units.strata) : 0,
    }),
  }));
}

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

/** Values of statistics with one unit left out at a time: one array a statistic, [units], NaN where it is not defined. */
function jackknife(
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

/** What is drawn with replacement: samples within their class, or whole groups. */
interface ResamplingUnits {
  /** Unit of each sample, [count]. */
  readonly unitOf: Int32Array;
  /** Units that are drawn among themselves, as many as there are. */
  readonly strata: readonly Int32Array[];
}

/**
 * Units of a bootstrap. Samples are drawn within their class, so that each resample keeps the class sizes and no class
 * is ever absent (spec 10.3). With `groups` (the patient of each sample) whole groups are drawn over all classes:
 * images of one patient are not independent.
 */
export function resamplingUnits(
  labels: ArrayLike<number>,
  groups?: readonly string[],
): ResamplingUnits {
  if (groups === undefined) {
    const strata = new Map<number, number[]>();
    for (let i = 0; i < labels.length; i++) {
      const members = strata.get(labels[i]);
      if (members === undefined) strata.set(labels[i], [i]);
      else members.push(i);
    }
    return {
      unitOf: Int32Array.from({ length: labels.length }, (_, i) => i),
      strata: [...strata.values()].map((members) => Int32Array.from(members)),
    };
  }
  checkLength('groups', groups.length, labels.length);
  const names = new Map<string, number>();
  const unitOf = Int32Array.from(groups, (name) => {
    const unit = names.get(name) ?? names.size;
    names.set(name, unit);
    return unit;
  });
  return { unitOf, strata: [Int32Array.from({ length: names.size }, (_, unit) => unit)] };
}
