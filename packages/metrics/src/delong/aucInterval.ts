import { normalQuantile } from '../distributions/normalQuantile.js';
import { checkConfidence } from '../input/checkConfidence.js';
import type { VarianceEstimate } from './componentVariance.js';

/** How an interval of an AUC is made: symmetric on the logit scale, which keeps it inside (0, 1), or on the plain one, clipped. */
export interface AucIntervalOptions {
  readonly confidence?: number;
  readonly transform?: 'logit' | 'none';
}

/** An AUC with its uncertainty over test samples. */
export interface AucInterval {
  /** Null when fewer than two classes are present. */
  readonly auc: number | null;
  readonly standardError: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
  /** Why something is null. */
  readonly undefinedBecause?: string;
}

/** Interval from an AUC and its variance; none where the variance is zero or could not be estimated. */
export function aucInterval(
  auc: number,
  { variance, undefinedBecause }: VarianceEstimate,
  { confidence = 0.95, transform = 'logit' }: AucIntervalOptions = {},
): AucInterval {
  checkConfidence(confidence);
  if (variance === null)
    return { auc, standardError: null, lower: null, upper: null, confidence, undefinedBecause };
  const standardError = Math.sqrt(variance);
  if (standardError === 0) {
    return {
      auc,
      standardError,
      lower: null,
      upper: null,
      confidence,
      undefinedBecause:
        'no pair of samples is ordered against the others, so the estimated variance is zero and says nothing of the uncertainty',
    };
  }
  const z = normalQuantile((1 + confidence) / 2);
  if (transform === 'none')
    return {
      auc,
      standardError,
      lower: Math.max(0, auc - z * standardError),
      upper: Math.min(1, auc + z * standardError),
      confidence,
    };
  const middle = Math.log(auc / (1 - auc));
  const reach = (z * standardError) / (auc * (1 - auc));
  const inverse = (value: number): number => 1 / (1 + Math.exp(-value));
  return {
    auc,
    standardError,
    lower: inverse(middle - reach),
    upper: inverse(middle + reach),
    confidence,
  };
}
