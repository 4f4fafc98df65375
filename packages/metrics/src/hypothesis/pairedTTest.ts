import { studentCdf, studentQuantile } from '../distributions/student.js';
import { checkConfidence, checkLength } from '../input/checkArguments.js';
import { meanAndStandardDeviation } from './meanAndStandardDeviation.js';

/** A t test on paired values. */
export interface StudentTest {
  /** Mean of A - B; null without pairs. */
  readonly difference: number | null;
  readonly standardError: number | null;
  readonly t: number | null;
  readonly degreesOfFreedom: number;
  /** Two-sided. */
  readonly pValue: number | null;
  /** Interval of the mean difference. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
  /** Why something is null. */
  readonly undefinedBecause?: string;
}

/**
 * Student's paired t test of A against B. It is too optimistic for scores of repeated splits of one data set, because the
 * repeats share samples: use {@link correctedResampledTest} there.
 * @param a first values, [pairs]
 * @param b second values, [pairs]
 * @throws RangeError when lengths differ, a value is not finite, or the confidence is not between 0 and 1
 */
export function pairedTTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { confidence }: { readonly confidence?: number } = {},
): StudentTest {
  return studentTest(a, b, { factor: 1 / a.length, confidence });
}

/** Sizes of the training and test set of each split. */
export interface ResampledTestOptions {
  readonly trainCount: number;
  readonly testCount: number;
  readonly confidence?: number;
}

/**
 * Nadeau and Bengio's (2003) corrected resampled t test of two methods' scores over J random splits of one data set:
 * the variance of the mean is (1/J + testCount / trainCount) times that of the differences, since splits share samples.
 * @param a score of the first method on each split, [splits]
 * @param b score of the second method on the same splits, [splits]
 * @throws RangeError when lengths differ, a value is not finite, a count is not above 0, or the confidence is not between 0
 * and 1
 */
export function correctedResampledTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { trainCount, testCount, confidence }: ResampledTestOptions,
): StudentTest {
  if (!(trainCount > 0 && testCount > 0))
    throw new RangeError(
      `Training and test set need samples, got ${trainCount} for training and ${testCount} for testing.`,
    );
  return studentTest(a, b, { factor: 1 / a.length + testCount / trainCount, confidence });
}

/** Interval of a method's mean score over splits of one data set. */
export interface ResampledInterval {
  /** Null without scores. */
  readonly mean: number | null;
  readonly standardError: number | null;
  readonly degreesOfFreedom: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
  /** Why there is no interval. */
  readonly undefinedBecause?: string;
}

/**
 * Interval of the mean score over the folds of a cross-validation, or over J random splits of one data set, with Nadeau and
 * Bengio's (2003) correction: as in {@link correctedResampledTest}, the variance of the mean is (1/J + testCount /
 * trainCount) times that of the scores, since splits share training samples. Unlike a bootstrap interval, it covers
 * other training sets and seeds.
 * @param scores on each split, [splits]
 * @throws RangeError when a value is not finite, a count is not above 0, or the confidence is not between 0 and 1
 * @example
 * ```ts
 * import { correctedResampledInterval } from '@nonlocal-med/metrics';
 *
 * const { mean, lower, upper } = correctedResampledInterval([0.9, 0.86, 0.91, 0.88, 0.85], {
 *   trainCount: 80,
 *   testCount: 20,
 * });
 * console.log(mean?.toFixed(3), lower?.toFixed(3), upper?.toFixed(3)); // 0.880 0.833 0.927
 * ```
 */
export function correctedResampledInterval(
  scores: ArrayLike<number>,
  options: ResampledTestOptions,
): ResampledInterval {
  const zeros = new Float64Array(scores.length);
  const { difference, standardError, degreesOfFreedom, lower, upper, confidence } =
    correctedResampledTest(scores, zeros, options);
  const interval = { mean: difference, standardError, degreesOfFreedom, lower, upper, confidence };
  if (lower !== null && lower !== upper) return interval;
  const undefinedBecause =
    scores.length < 2
      ? `an interval of the mean needs at least two splits, got ${scores.length}`
      : 'the score is the same on all splits, so its variance cannot be estimated';
  return { ...interval, lower: null, upper: null, undefinedBecause };
}

/** A standard deviation below this fraction of the values is rounding error. */
const ROUNDING = 1e-13;

/** Both tests: the squared standard error of the mean is `factor` times the variance of the differences. */
function studentTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { factor, confidence = 0.95 }: { readonly factor: number; readonly confidence?: number },
): StudentTest {
  checkConfidence(confidence);
  checkLength('b', b.length, a.length);
  const { count, mean, standardDeviation } = meanAndStandardDeviation(
    Array.from(a, (value, i) => value - b[i]),
  );
  const degreesOfFreedom = Math.max(0, count - 1);
  const undefinedTest = {
    difference: mean,
    standardError: null,
    t: null,
    degreesOfFreedom,
    pValue: null,
    lower: null,
    upper: null,
    confidence,
  };
  if (mean === null || standardDeviation === null)
    return {
      ...undefinedTest,
      undefinedBecause: `a t test needs at least two pairs, got ${count}`,
    };
  const scale = Math.max(...Array.from(a, Math.abs), ...Array.from(b, Math.abs));
  if (standardDeviation <= ROUNDING * scale) {
    if (Math.abs(mean) <= ROUNDING * scale)
      return {
        ...undefinedTest,
        difference: 0,
        standardError: 0,
        t: 0,
        pValue: 1,
        lower: 0,
        upper: 0,
      };
    return {
      ...undefinedTest,
      standardError: 0,
      undefinedBecause: 'all differences are equal, so their variance cannot be estimated',
    };
  }
  const standardError = standardDeviation * Math.sqrt(factor);
  const t = mean / standardError;
  const halfWidth = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return {
    difference: mean,
    standardError,
    t,
    degreesOfFreedom,
    pValue: 2 * studentCdf(-Math.abs(t), degreesOfFreedom),
    lower: mean - halfWidth,
    upper: mean + halfWidth,
    confidence,
  };
}
