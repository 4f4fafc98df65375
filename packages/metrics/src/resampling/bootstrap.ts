import { createRandom } from '@nonlocal-med/core';
import { checkLength } from '../input/checkArguments.js';
import {
  acceleration,
  type BootstrapInterval,
  type BootstrapMethod,
  summarizeReplicates,
} from './replicateInterval.js';

/** How samples are resampled and how intervals are read from the resamples. */
export interface BootstrapOptions {
  /** Number of resamples; default 2000. */
  readonly resamples?: number;
  /** Default 0; equal seeds give equal resamples. */
  readonly seed?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default `percentile`. */
  readonly method?: BootstrapMethod;
  /**
   * Group of each sample (its patient), [count]: whole groups are then resampled, instead of samples within their class.
   * Functions that take predictions use their `groups` by default.
   */
  readonly groups?: readonly string[];
}

/** Several statistics of samples that each count `weights[i]` times; null where one is not defined. */
export type WeightedStatistics = (weights: Float64Array) => readonly (number | null)[];

/** An interval with the replicates it was read from (NaN where undefined), [resamples]. */
export interface ResampledStatistic {
  readonly interval: BootstrapInterval;
  readonly replicates: Float64Array;
}

/**
 * Estimates, replicates and intervals of several statistics over the same resamples.
 * @param labels class of each sample, [count]
 * @throws RangeError when an option is out of range or `groups` does not have one entry per sample
 */
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
    interval: withoutVariation(
      summarizeReplicates(estimate, replicates[s], {
        confidence,
        method,
        acceleration: method === 'bca' ? acceleration(leaveOneOut[s], units.strata) : 0,
      }),
      units,
    ),
  }));
}

/**
 * No interval where one of several classes has a single sample: every resample contains it as it is, so that the interval
 * would say nothing of how other samples of that class vary.
 */
function withoutVariation(
  interval: BootstrapInterval,
  { strata }: ResamplingUnits,
): BootstrapInterval {
  if (interval.lower === null || strata.length < 2 || strata.every((units) => units.length > 1))
    return interval;
  return {
    ...interval,
    lower: null,
    upper: null,
    standardError: null,
    undefinedBecause: 'a class has a single sample, which resampling cannot vary',
  };
}

/**
 * Values of statistics on resamples with replacement: one array per statistic, [resamples], NaN where it is not defined.
 * Equal seeds give equal resamples, whatever the statistics.
 * @throws RangeError when the number of resamples is not a positive integer
 */
export function bootstrap(
  statistics: WeightedStatistics,
  { unitOf, strata }: ResamplingUnits,
  { resamples = 2000, seed = 0 }: Pick<BootstrapOptions, 'resamples' | 'seed'> = {},
): Float64Array[] {
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`The number of resamples must be a positive integer, got ${resamples}.`);
  const random = createRandom(seed, 'bootstrap');
  const unitWeights = new Float64Array(strata.reduce((sum, units) => sum + units.length, 0));
  const weights = new Float64Array(unitOf.length);
  let replicates: Float64Array[] | undefined;
  for (let b = 0; b < resamples; b++) {
    unitWeights.fill(0);
    for (const units of strata)
      for (let k = 0; k < units.length; k++) unitWeights[units[random.integer(units.length)]]++;
    for (let i = 0; i < weights.length; i++) weights[i] = unitWeights[unitOf[i]];
    const values = statistics(weights);
    replicates ??= values.map(() => new Float64Array(resamples));
    for (let s = 0; s < values.length; s++) replicates[s][b] = values[s] ?? NaN;
  }
  return replicates ?? [];
}

/** Values of statistics with one unit left out at a time: one array per statistic, [units], NaN where it is not defined. */
function jackknife(
  statistics: WeightedStatistics,
  { unitOf, strata }: ResamplingUnits,
): Float64Array[] {
  const count = strata.reduce((sum, units) => sum + units.length, 0);
  const weights = new Float64Array(unitOf.length);
  let values: Float64Array[] | undefined;
  for (let unit = 0; unit < count; unit++) {
    for (let i = 0; i < weights.length; i++) weights[i] = unitOf[i] === unit ? 0 : 1;
    const without = statistics(weights);
    values ??= without.map(() => new Float64Array(count));
    for (let s = 0; s < without.length; s++) values[s][unit] = without[s] ?? NaN;
  }
  return values ?? [];
}

/** What is resampled with replacement: samples within their class, or whole groups. */
export interface ResamplingUnits {
  /** Unit of each sample, [count]. */
  readonly unitOf: Int32Array;
  /** Units that replace each other; each stratum keeps its size. */
  readonly strata: readonly Int32Array[];
}

/**
 * Units of a bootstrap. Samples are resampled within their class, so that every resample keeps the class sizes and no
 * class is ever absent (specification, 10.3). With `groups` (the patient of each sample) whole groups are resampled over
 * all classes, because images of one patient are not independent.
 * @throws RangeError when `groups` does not have one entry per sample
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
