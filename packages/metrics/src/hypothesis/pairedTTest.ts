import { type StudentTest, studentTest } from './studentTest.js';

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
