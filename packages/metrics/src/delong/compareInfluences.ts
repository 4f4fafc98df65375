import { normalCdf } from '../distributions/normalCdf.js';
import { normalQuantile } from '../distributions/normalQuantile.js';
import { checkConfidence } from '../input/checkConfidence.js';
import type { AucInfluence } from './aucInfluence.js';
import { componentVariance } from './componentVariance.js';

/** Two AUCs on the same samples, and whether their difference is more than chance of the samples. */
export interface AucComparison {
  /** Null, as everything derived from it, when fewer than two classes are present. */
  readonly aucA: number | null;
  readonly aucB: number | null;
  /** A - B. */
  readonly difference: number | null;
  readonly standardError: number | null;
  readonly z: number | null;
  /** Two-sided. */
  readonly pValue: number | null;
  /** Interval of the difference. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
  /** Why something is null. */
  readonly undefinedBecause?: string;
}

/**
 * Paired z test of two AUCs from their influence components: the variance of the differences of the components is
 * S11 + S22 - 2 S12 of DeLong's covariance matrix. Scores that differ nowhere in rank give z = 0, p = 1.
 */
export function compareInfluences(
  a: AucInfluence | null,
  b: AucInfluence | null,
  {
    labels,
    confidence = 0.95,
  }: { readonly labels: ArrayLike<number>; readonly confidence?: number },
): AucComparison {
  checkConfidence(confidence);
  const nothing = {
    aucA: a?.auc ?? null,
    aucB: b?.auc ?? null,
    difference: null,
    standardError: null,
    z: null,
    pValue: null,
    lower: null,
    upper: null,
    confidence,
  };
  if (a === null || b === null)
    return { ...nothing, undefinedBecause: 'fewer than two classes are present' };
  const difference = a.auc - b.auc;
  const { variance, undefinedBecause } = componentVariance(
    a.components.map((value, i) => value - b.components[i]),
    labels,
  );
  if (variance === null) return { ...nothing, difference, undefinedBecause };
  const standardError = Math.sqrt(variance);
  const estimates = { aucA: a.auc, aucB: b.auc, difference, standardError, confidence };
  if (standardError > 0) {
    const z = difference / standardError;
    const reach = normalQuantile((1 + confidence) / 2) * standardError;
    return {
      ...estimates,
      z,
      pValue: 2 * normalCdf(-Math.abs(z)),
      lower: difference - reach,
      upper: difference + reach,
    };
  }
  if (difference === 0) return { ...estimates, z: 0, pValue: 1, lower: 0, upper: 0 };
  return {
    ...nothing,
    ...estimates,
    undefinedBecause:
      'every sample moves both alike, so the estimated variance of the difference is zero',
  };
}
