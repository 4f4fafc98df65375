import { adjustPValues } from './adjustPValues.js';

/**
 * Benjamini and Hochberg's (1995) adjusted p-values, in the order given: below alpha, with the expected share of false
 * ones among them below alpha. Tests that are not defined (null) stay so and do not count.
 *
 * @throws RangeError at a p-value outside 0 to 1, with its index.
 */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  return adjustPValues(pValues, (ascending) => {
    let smallest = 1;
    return ascending
      .map((p, rank) => (p * ascending.length) / (rank + 1))
      .reduceRight<number[]>((adjusted, p, rank) => {
        adjusted[rank] = smallest = Math.min(smallest, p);
        return adjusted;
      }, []);
  });
}
