import { studentCdf, studentQuantile } from '../distributions/student.js';
import { checkConfidence, checkLength } from '../input/checkArguments.js';
import { meanAndStandardDeviation } from './meanAndStandardDeviation.js';

/**
 * Student's paired t test of A against B. For scores of repeated splits of one data set it is too hopeful, because the
 * repeats share samples: use `correctedResampledTest` there.
 *
 * @throws RangeError when lengths differ or a value is not finite.
 */
export function pairedTTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { confidence }: { readonly confidence?: number } = {},
): StudentTest {
  return studentTest(a, b, { factor: 1 / a.length, confidence });
}

/** How large the two sides of each split were. */
export interface ResampledTestOptions {
  readonly trainCount: number;
  readonly testCount: number;
  readonly confidence?: number;
}

/**
 * Nadeau and Bengio's (2003) corrected resampled t test of two methods' scores over J random splits of one data set:
 * the variance of the mean is (1/J + testCount / trainCount) times that of the differences, since splits share samples.
 *
 * @param a score of the first method on each split, [splits]
 * @param b score of the second method on the same splits, [splits]
 * @throws RangeError when lengths differ, a value is not finite, or a count is not above 0.
 */
export function correctedResampledTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { trainCount, testCount, confidence }: ResampledTestOptions,
): StudentTest {
  if (!(trainCount > 0 && testCount > 0))
    throw new RangeError(
      `Both sides of a split hold samples, got ${trainCount} for training and ${testCount} for testing.`,
    );
  return studentTest(a, b, { factor: 1 / a.length + testCount / trainCount, confidence });
}

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

/** Spread below this share of the values is rounding, not spread. */
const ROUNDING = 1e-13;

/** Frame of the paired t tests: the squared standard error of the mean is `factor` times the variance of the differences. */
function studentTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { factor, confidence = 0.95 }: { readonly factor: number; readonly confidence?: number },
): StudentTest {
  checkConfidence(confidence);
  checkLength('b', b.length, a.length);
  const {
    count,
    mean,
    standardDeviation: deviation,
  } = meanAndStandardDeviation(Array.from(a, (value, i) => value - b[i]));
  const degreesOfFreedom = Math.max(0, count - 1);
  const nothing = {
    difference: mean,
    standardError: null,
    t: null,
    degreesOfFreedom,
    pValue: null,
    lower: null,
    upper: null,
    confidence,
  };
  if (mean === null || deviation === null)
    return { ...nothing, undefinedBecause: `a t test takes at least two pairs, got ${count}` };
  const scale = Math.max(...Array.from(a, Math.abs), ...Array.from(b, Math.abs));
  if (deviation <= ROUNDING * scale) {
    if (Math.abs(mean) <= ROUNDING * scale)
      return { ...nothing, difference: 0, standardError: 0, t: 0, pValue: 1, lower: 0, upper: 0 };
    return {
      ...nothing,
      standardError: 0,
      undefinedBecause: 'all differences are equal, so their spread says nothing of chance',
    };
  }
  const standardError = deviation * Math.sqrt(factor);
  const t = mean / standardError;
  const reach = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return {
    difference: mean,
    standardError,
    t,
    degreesOfFreedom,
    pValue: 2 * studentCdf(-Math.abs(t), degreesOfFreedom),
    lower: mean - reach,
    upper: mean + reach,
    confidence,
  };
}
