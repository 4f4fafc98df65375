import { adjustPValues } from './adjustPValues.js';

/**
 * Holm's (1979) adjusted p-values, in the order given: below alpha, with the chance of any false one below alpha.
 * Tests that are not defined (null) stay so and do not count.
 *
 * @throws RangeError at a p-value outside 0 to 1, with its index.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  return adjustPValues(pValues, (ascending) => {
    let largest = 0;
    return ascending.map(
      (p, rank) => (largest = Math.max(largest, Math.min(1, (ascending.length - rank) * p))),
    );
  });
}
