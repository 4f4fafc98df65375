import { studentCdf, studentQuantile } from '../distributions/student.js';
import { checkBinary, checkConfidence } from '../input/checkArguments.js';
import { type AucInfluence, binaryInfluence, componentVariance } from './aucInfluence.js';

/** AUCs of two independent sets of samples, and a test of their difference. */
export interface IndependentAucComparison {
  /** Null, as everything derived from it, when fewer than two classes are present. */
  readonly aucA: number | null;
  readonly aucB: number | null;
  /** A - B. */
  readonly difference: number | null;
  readonly standardError: number | null;
  readonly t: number | null;
  /** Satterthwaite's. */
  readonly degreesOfFreedom: number | null;
  /** Two-sided. */
  readonly pValue: number | null;
  /** Interval of the difference. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
  /** Why something is null. */
  readonly undefinedBecause?: string;
}

/** An AUC with what its variance is computed from. */
export interface IndependentAuc {
  readonly influence: AucInfluence | null;
  /** Class of each sample, [count]. */
  readonly labels: ArrayLike<number>;
}

/** Labels and scores of one set of samples, each [count]. */
interface ScoredSet {
  /** 0 or 1. */
  readonly labels: ArrayLike<number>;
  /** Larger means positive. */
  readonly scores: ArrayLike<number>;
}

/**
 * Tests the difference between the AUCs of two independent sets of samples, such as women and men: DeLong's variances added
 * up, with Student's t distribution and Satterthwaite's degrees of freedom, as `roc.test(paired = FALSE)` of pROC. No patient
 * may be in both sets, and each sample must be a patient of its own.
 * @throws RangeError when lengths differ or the confidence is not between 0 and 1
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 * @example
 * ```ts
 * import { unpairedDelongTest } from '@nonlocal-med/metrics';
 *
 * const women = { labels: [0, 0, 0, 1, 1, 1], scores: [0.1, 0.4, 0.3, 0.6, 0.35, 0.9] };
 * const men = { labels: [0, 0, 0, 1, 1, 1], scores: [0.5, 0.2, 0.7, 0.6, 0.4, 0.8] };
 * const { difference, pValue } = unpairedDelongTest(women, men);
 * console.log(difference?.toFixed(3), pValue?.toFixed(3)); // 0.222 0.500
 * ```
 */
export function unpairedDelongTest(
  a: ScoredSet,
  b: ScoredSet,
  options: { readonly confidence?: number } = {},
): IndependentAucComparison {
  checkBinary(a.labels, a.scores, 'a.scores');
  checkBinary(b.labels, b.scores, 'b.scores');
  const influenceOf = ({ labels, scores }: ScoredSet): IndependentAuc => ({
    influence: binaryInfluence(labels, scores),
    labels,
  });
  return compareIndependentAucs(influenceOf(a), influenceOf(b), options);
}

/**
 * Tests the difference of two AUCs of independent samples from their influence components.
 * @throws RangeError when the confidence is not between 0 and 1
 */
export function compareIndependentAucs(
  a: IndependentAuc,
  b: IndependentAuc,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): IndependentAucComparison {
  checkConfidence(confidence);
  const undefinedTest = {
    aucA: a.influence?.auc ?? null,
    aucB: b.influence?.auc ?? null,
    difference: null,
    standardError: null,
    t: null,
    degreesOfFreedom: null,
    pValue: null,
    lower: null,
    upper: null,
    confidence,
  };
  if (a.influence === null || b.influence === null)
    return { ...undefinedTest, undefinedBecause: 'fewer than two classes are present' };
  const difference = a.influence.auc - b.influence.auc;
  const ofA = componentVariance(a.influence.components, a.labels);
  const ofB = componentVariance(b.influence.components, b.labels);
  if (ofA.variance === null || ofB.variance === null)
    return {
      ...undefinedTest,
      difference,
      undefinedBecause: ofA.undefinedBecause ?? ofB.undefinedBecause,
    };
  const variance = ofA.variance + ofB.variance;
  if (variance === 0)
    return {
      ...undefinedTest,
      difference,
      standardError: 0,
      undefinedBecause:
        'in both groups all samples of a class rank alike against the others, so the estimated variance is zero',
    };
  const standardError = Math.sqrt(variance);
  const degreesOfFreedom =
    variance ** 2 /
    (ofA.variance ** 2 / (a.labels.length - 1) + ofB.variance ** 2 / (b.labels.length - 1));
  const t = difference / standardError;
  const halfWidth = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return {
    aucA: a.influence.auc,
    aucB: b.influence.auc,
    difference,
    standardError,
    t,
    degreesOfFreedom,
    pValue: 2 * studentCdf(-Math.abs(t), degreesOfFreedom),
    lower: difference - halfWidth,
    upper: difference + halfWidth,
    confidence,
  };
}
