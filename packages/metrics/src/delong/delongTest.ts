import { normalCdf, normalQuantile } from '../distributions/normal.js';
import { checkBinary, checkConfidence } from '../input/checkArguments.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import {
  type AucInfluence,
  aucInfluence,
  binaryInfluence,
  componentVariance,
} from './aucInfluence.js';

/** Two AUCs on the same samples, and a test of their difference. */
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
 * DeLong's (1988) paired test of two AUCs on the same samples, two classes, in O(n log n) (Sun and Xu 2014).
 * @param labels 0 or 1, [count]
 * @param scoresA scores of the first model, larger means positive, [count]
 * @param scoresB scores of the second model on the same samples, [count]
 * @throws RangeError when lengths differ or the confidence is not between 0 and 1
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 * @example
 * ```ts
 * import { delongTest } from '@nonlocal-med/metrics';
 *
 * const labels = [0, 0, 0, 0, 1, 1, 1, 1];
 * const model = [0.1, 0.3, 0.2, 0.6, 0.7, 0.4, 0.9, 0.8];
 * const baseline = [0.4, 0.7, 0.3, 0.5, 0.6, 0.2, 0.65, 0.45];
 * const { aucA, aucB, pValue } = delongTest(labels, model, baseline);
 * console.log(aucA, aucB); // 0.9375 0.5
 * console.log(pValue?.toFixed(3)); // 0.049
 * ```
 */
// eslint-disable-next-line max-params -- labels and two models, as in the other paired tests, then the options
export function delongTest(
  labels: ArrayLike<number>,
  scoresA: ArrayLike<number>,
  scoresB: ArrayLike<number>,
  { confidence }: { readonly confidence?: number } = {},
): AucComparison {
  checkBinary(labels, scoresA, 'scoresA');
  checkBinary(labels, scoresB, 'scoresB');
  return compareInfluences(binaryInfluence(labels, scoresA), binaryInfluence(labels, scoresB), {
    labels,
    confidence,
  });
}

/**
 * Paired test of two macro one-vs-rest AUCs on the same samples: DeLong's test extended to several classes
 * (specification, 10.3); with two classes it is DeLong's own.
 * @param labels class indices, [count]
 * @param probabilitiesA of the first model, [count, classes]; rows sum to 1
 * @param probabilitiesB of the second model on the same samples, [count, classes]
 * @throws RangeError when the lengths do not match or the confidence is not between 0 and 1
 * @throws InputError that lists labels that are not class indices and rows that are not distributions, with their index
 */
// eslint-disable-next-line max-params -- labels and two models, as in the other paired tests, then the options
export function macroDelongTest(
  labels: ArrayLike<number>,
  probabilitiesA: ArrayLike<number>,
  probabilitiesB: ArrayLike<number>,
  { confidence }: { readonly confidence?: number } = {},
): AucComparison {
  const influence = (probabilities: ArrayLike<number>): AucInfluence | null =>
    labels.length === 0 ? null : aucInfluence(scoreSamples(labels, probabilities));
  return compareInfluences(influence(probabilitiesA), influence(probabilitiesB), {
    labels,
    confidence,
  });
}

/**
 * Paired z test of two AUCs from their influence components: the variance of the differences of the components is
 * S11 + S22 - 2 S12 of DeLong's covariance matrix. Scores that rank all samples alike give z = 0, p = 1.
 * @throws RangeError when the confidence is not between 0 and 1
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
  const undefinedTest = {
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
    return { ...undefinedTest, undefinedBecause: 'fewer than two classes are present' };
  const difference = a.auc - b.auc;
  const { variance, undefinedBecause } = componentVariance(
    a.components.map((value, i) => value - b.components[i]),
    labels,
  );
  if (variance === null) return { ...undefinedTest, difference, undefinedBecause };
  const standardError = Math.sqrt(variance);
  const estimates = { aucA: a.auc, aucB: b.auc, difference, standardError, confidence };
  if (standardError > 0) {
    const z = difference / standardError;
    const halfWidth = normalQuantile((1 + confidence) / 2) * standardError;
    return {
      ...estimates,
      z,
      pValue: 2 * normalCdf(-Math.abs(z)),
      lower: difference - halfWidth,
      upper: difference + halfWidth,
    };
  }
  if (difference === 0) return { ...estimates, z: 0, pValue: 1, lower: 0, upper: 0 };
  return {
    ...undefinedTest,
    ...estimates,
    undefinedBecause:
      'every sample changes both AUCs alike, so the estimated variance of the difference is zero',
  };
}
