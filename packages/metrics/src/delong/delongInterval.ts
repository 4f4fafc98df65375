import { normalQuantile } from '../distributions/normal.js';
import { checkBinary, checkConfidence } from '../input/checkArguments.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import {
  type AucInfluence,
  aucInfluence,
  binaryInfluence,
  componentVariance,
  type VarianceEstimate,
} from './aucInfluence.js';

/**
 * Two-class AUC with DeLong's (1988) interval, in O(n log n) (Sun and Xu 2014).
 *
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index.
 */
export function delongInterval(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: AucIntervalOptions = {},
): AucInterval {
  checkBinary(labels, scores);
  return influenceInterval(binaryInfluence(labels, scores), labels, options);
}

/**
 * Macro one-vs-rest AUC with an interval by DeLong's method extended to several classes (spec 10.3); with two classes
 * it is DeLong's own.
 *
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @throws InputError that lists labels outside the classes, NaN and rows that are no distribution, with their index.
 */
export function macroDelongInterval(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: AucIntervalOptions = {},
): AucInterval {
  return influenceInterval(
    labels.length === 0 ? null : aucInfluence(scoreSamples(labels, probabilities)),
    labels,
    options,
  );
}

/** Interval of an AUC from its influence components; every field null when the AUC is. */
function influenceInterval(
  influence: AucInfluence | null,
  labels: ArrayLike<number>,
  options: AucIntervalOptions,
): AucInterval {
  if (influence === null)
    return {
      auc: null,
      standardError: null,
      lower: null,
      upper: null,
      confidence: options.confidence ?? 0.95,
      undefinedBecause: 'fewer than two classes are present',
    };
  return aucInterval(influence.auc, componentVariance(influence.components, labels), options);
}

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
function aucInterval(
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
