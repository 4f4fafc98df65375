import { studentCdf } from '../distributions/studentCdf.js';
import { studentQuantile } from '../distributions/studentQuantile.js';
import { checkConfidence } from '../input/checkConfidence.js';
import { checkLength } from '../input/checkLength.js';
import { meanAndStandardDeviation } from './meanAndDeviation.js';

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
export function studentTest(
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
