import { normalCdf, normalQuantile } from '../distributions/normal.js';
import { meanAndStandardDeviation } from '../hypothesis/meanAndStandardDeviation.js';
import { checkConfidence } from '../input/checkArguments.js';

/** How an interval is read from resamples: plain percentiles, or bias-corrected and accelerated ones (Efron 1987). */
export type BootstrapMethod = 'percentile' | 'bca';

/** An estimate with an interval from resamples. */
export interface BootstrapInterval {
  /** Null where the metric is not defined on the samples themselves. */
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Standard deviation of the replicates (ddof 1). */
  readonly standardError: number | null;
  readonly confidence: number;
  readonly method: BootstrapMethod;
  readonly resamples: number;
  /** Resamples on which the metric was not defined; they are left out. */
  readonly undefinedResamples: number;
  /** Why something is null. */
  readonly undefinedBecause?: string;
}

/** With a larger share of undefined resamples there is no interval. */
const MAX_UNDEFINED_SHARE = 0.05;

/**
 * Reads an interval from the values of a statistic on resamples.
 * @param replicates [resamples], NaN where the statistic was not defined
 * @param options.acceleration needed for BCa, see {@link acceleration}
 * @throws RangeError when the confidence is not between 0 and 1
 */
export function summarizeReplicates(
  estimate: number | null,
  replicates: Float64Array,
  {
    confidence = 0.95,
    method = 'percentile',
    acceleration = 0,
  }: {
    readonly confidence?: number;
    readonly method?: BootstrapMethod;
    readonly acceleration?: number;
  } = {},
): BootstrapInterval {
  checkConfidence(confidence);
  const defined = replicates.filter((value) => !Number.isNaN(value)).sort();
  const undefinedResamples = replicates.length - defined.length;
  const common = { estimate, confidence, method, resamples: replicates.length, undefinedResamples };
  const withoutInterval = (undefinedBecause: string): BootstrapInterval => ({
    ...common,
    lower: null,
    upper: null,
    standardError: null,
    undefinedBecause,
  });
  if (estimate === null) return withoutInterval('the metric is not defined on these samples');
  if (undefinedResamples > MAX_UNDEFINED_SHARE * replicates.length)
    return withoutInterval(
      `the metric is not defined on ${undefinedResamples} of ${replicates.length} resamples`,
    );
  const shares =
    method === 'bca'
      ? bcaShares(defined, estimate, { acceleration, confidence })
      : ([(1 - confidence) / 2, (1 + confidence) / 2] as const);
  if (shares === null)
    return withoutInterval(
      'the estimate is outside all resamples, so its bias cannot be corrected',
    );
  return {
    ...common,
    lower: quantile(defined, shares[0]),
    upper: quantile(defined, shares[1]),
    standardError: meanAndStandardDeviation(defined).standardDeviation,
  };
}

/**
 * The quantiles of the replicates that a bias-corrected and accelerated (BCa) interval takes.
 * @param ascending replicates in ascending order
 * @returns null when the estimate is outside all replicates: its bias has no finite correction
 */
function bcaShares(
  ascending: Float64Array,
  estimate: number,
  { acceleration, confidence }: { readonly acceleration: number; readonly confidence: number },
): [lower: number, upper: number] | null {
  let below = 0;
  for (const value of ascending) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  const share = below / ascending.length;
  if (share === 0 || share === 1) return null;
  const bias = normalQuantile(share);
  const corrected = (tail: number): number => {
    const z = bias + normalQuantile(tail);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [corrected((1 - confidence) / 2), corrected((1 + confidence) / 2)];
}

/**
 * Acceleration of the BCa interval from leave-one-out values in strata (Davison and Hinkley 1997, 5.3.2): with
 * U = (n_h - 1) (mean - value) in stratum h, (1/6) sum(U^3 / n_h^3) / sum(U^2 / n_h^2)^(3/2). 0 where nothing varies.
 * @param leaveOneOut the statistic without each unit, [units]
 * @param strata units of each stratum
 */
export function acceleration(leaveOneOut: Float64Array, strata: readonly Int32Array[]): number {
  let cubes = 0;
  let squares = 0;
  for (const units of strata) {
    const size = units.length;
    let mean = 0;
    for (const unit of units) mean += leaveOneOut[unit] / size;
    for (const unit of units) {
      const influence = ((size - 1) * (mean - leaveOneOut[unit])) / size;
      squares += influence ** 2;
      cubes += influence ** 3;
    }
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/** Quantile of ascending values by linear interpolation between them (NumPy's default); `share` is from 0 to 1. */
function quantile(ascending: ArrayLike<number>, share: number): number {
  const position = share * (ascending.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
}
