import { normalQuantile } from '../distributions/normal.js';
import { checkBinary, checkConfidence } from '../input/checkArguments.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import {
  type AucInfluence,
  aucInfluence,
  binaryInfluence,
  componentVariance,
} from './aucInfluence.js';

/** How the interval of an AUC is computed. */
export interface AucIntervalOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** `logit` (default): symmetric on the logit scale, which keeps it inside (0, 1); `none`: on the plain scale, clipped. */
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

/**
 * Two-class AUC with DeLong's (1988) interval, in O(n log n) (Sun and Xu 2014).
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @throws RangeError when lengths differ or the confidence is not between 0 and 1
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
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
 * Macro one-vs-rest AUC with an interval by DeLong's method extended to several classes (specification, 10.3); with two
 * classes it is DeLong's own.
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @throws RangeError when the lengths do not match or the confidence is not between 0 and 1
 * @throws InputError that lists labels that are not class indices and rows that are not distributions, with their index
 */
export function macroDelongInterval(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: AucIntervalOptions = {},
): AucInterval {
  const influence = labels.length === 0 ? null : aucInfluence(scoreSamples(labels, probabilities));
  return influenceInterval(influence, labels, options);
}

/** Interval of an AUC from its influence components; none where the variance is zero or cannot be estimated. */
function influenceInterval(
  influence: AucInfluence | null,
  labels: ArrayLike<number>,
  { confidence = 0.95, transform = 'logit' }: AucIntervalOptions,
): AucInterval {
  const undefinedInterval = {
    auc: influence?.auc ?? null,
    standardError: null,
    lower: null,
    upper: null,
    confidence,
  };
  if (influence === null)
    return { ...undefinedInterval, undefinedBecause: 'fewer than two classes are present' };
  checkConfidence(confidence);
  const { auc, components } = influence;
  const { variance, undefinedBecause } = componentVariance(components, labels);
  if (variance === null) return { ...undefinedInterval, undefinedBecause };
  const standardError = Math.sqrt(variance);
  if (standardError === 0) {
    return {
      ...undefinedInterval,
      standardError,
      undefinedBecause:
        'within each class all samples rank alike against the others, so the estimated variance is zero and gives no interval',
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
  const center = Math.log(auc / (1 - auc));
  const halfWidth = (z * standardError) / (auc * (1 - auc));
  return {
    auc,
    standardError,
    lower: inverseLogit(center - halfWidth),
    upper: inverseLogit(center + halfWidth),
    confidence,
  };
}

function inverseLogit(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
