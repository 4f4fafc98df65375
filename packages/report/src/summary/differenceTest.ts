import type { AucComparison, BootstrapComparison, StudentTest } from '@nonlocal-med/metrics';
import type { DifferenceTest } from './experimentSummary.js';

type Source = Partial<Pick<StudentTest, 't' | 'degreesOfFreedom'>> &
  Partial<Pick<AucComparison, 'z'>> &
  Pick<BootstrapComparison, 'pValue'> &
  Partial<Pick<BootstrapComparison, 'lower' | 'upper' | 'undefinedBecause'>>;

/** A test's outcome in the form of a summary; `adjusted` is filled in when all comparisons are known. */
export function differenceTest(
  test: DifferenceTest['test'],
  { t, z, degreesOfFreedom, pValue, lower, upper, undefinedBecause }: Source,
): DifferenceTest {
  return {
    test,
    statistic: t ?? z ?? null,
    degreesOfFreedom: degreesOfFreedom ?? null,
    pValue,
    adjusted: null,
    lower: lower ?? null,
    upper: upper ?? null,
    ...(undefinedBecause === undefined ? {} : { undefinedBecause }),
  };
}
