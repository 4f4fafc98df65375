import { meanAndStandardDeviation } from '../hypothesis/meanAndDeviation.js';
import { checkConfidence } from '../input/checkConfidence.js';
import { bcaShares } from './bcaShares.js';
import { quantile } from './quantile.js';

/** How an interval is read from resamples: plain percentiles, or bias-corrected and accelerated ones. */
export type BootstrapMethod = 'percentile' | 'bca';

/** An estimate with an interval from resamples. */
export interface BootstrapInterval {
  /** Null where the metric is not defined on the samples themselves. */
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Deviation of the replicates (ddof 1). */
  readonly standardError: number | null;
  readonly confidence: number;
  readonly method: BootstrapMethod;
  readonly resamples: number;
  /** Resamples on which the metric was not defined; they are left out. */
  readonly undefinedResamples: number;
  /** Why something is null. */
  readonly undefinedBecause?: string;
}

/** With more than this share of resamples undefined there is no interval. */
const MOST_UNDEFINED = 0.05;

/** Reads an interval from replicates (NaN where the metric was not defined); `acceleration` is needed for BCa. */
export function summariseReplicates(
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
  const frame = { estimate, confidence, method, resamples: replicates.length, undefinedResamples };
  const none = (undefinedBecause: string): BootstrapInterval => ({
    ...frame,
    lower: null,
    upper: null,
    standardError: null,
    undefinedBecause,
  });
  if (estimate === null) return none('the metric is not defined on these samples');
  if (undefinedResamples > MOST_UNDEFINED * replicates.length)
    return none(
      `the metric is not defined on ${undefinedResamples} of ${replicates.length} resamples`,
    );
  const shares =
    method === 'bca'
      ? bcaShares(defined, estimate, { acceleration, confidence })
      : ([(1 - confidence) / 2, (1 + confidence) / 2] as const);
  if (shares === null)
    return none('the estimate lies outside all resamples, so that its bias cannot be corrected');
  return {
    ...frame,
    lower: quantile(defined, shares[0]),
    upper: quantile(defined, shares[1]),
    standardError: meanAndStandardDeviation(defined).standardDeviation,
  };
}
