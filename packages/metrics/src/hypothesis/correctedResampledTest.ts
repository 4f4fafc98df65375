import { type StudentTest, studentTest } from './studentTest.js';

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
