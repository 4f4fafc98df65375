import { holm } from '@nonlocal-med/metrics';
import type { RawComparison } from './compareRows.js';
import type { DifferenceTest } from './experimentSummary.js';

/**
 * Fills in Holm's adjusted p-values of one metric over all comparisons of a table: the tests over repeats among
 * themselves, those on the same images among themselves, and those of single repeats among themselves.
 */
export function adjustComparisons(comparisons: readonly RawComparison[]): RawComparison[] {
  const overRepeats = adjust(comparisons.map((comparison) => comparison.overRepeats));
  const onImages = adjust(comparisons.map((comparison) => comparison.onImages));
  const perRepeat = adjust(comparisons.flatMap((comparison) => comparison.perRepeat));
  let next = 0;
  return comparisons.map((comparison, i) => ({
    ...comparison,
    overRepeats: overRepeats[i]!,
    onImages: onImages[i],
    perRepeat: comparison.perRepeat.map(() => perRepeat[next++]),
  }));
}

function adjust(tests: readonly (DifferenceTest | null)[]): (DifferenceTest | null)[] {
  const adjusted = holm(tests.map((test) => test?.pValue ?? null));
  return tests.map((test, i) => (test === null ? null : { ...test, adjusted: adjusted[i] }));
}
