/**
 * Holm's (1979) adjusted p-values: rejecting those below alpha keeps the probability of any false rejection below alpha.
 * @param pValues [tests]; null for a test that is not defined, which does not count
 * @returns [tests], in the same order
 * @throws RangeError at a p-value outside 0 to 1, with its index
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  return adjustPValues(pValues, (ascending) => {
    let largest = 0;
    return ascending.map(
      (p, rank) => (largest = Math.max(largest, Math.min(1, (ascending.length - rank) * p))),
    );
  });
}

/**
 * Benjamini and Hochberg's (1995) adjusted p-values: rejecting those below alpha keeps the expected share of false ones
 * among the rejections below alpha.
 * @param pValues [tests]; null for a test that is not defined, which does not count
 * @returns [tests], in the same order
 * @throws RangeError at a p-value outside 0 to 1, with its index
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

/** Gives `adjust` the defined p-values in ascending order, and puts the adjusted ones back in place. */
function adjustPValues(
  pValues: readonly (number | null)[],
  adjust: (ascending: readonly number[]) => readonly number[],
): (number | null)[] {
  const wrong = pValues.findIndex((p) => p !== null && !(p >= 0 && p <= 1));
  if (wrong >= 0)
    throw new RangeError(
      `p-value ${wrong} is ${pValues[wrong]}, not between 0 and 1; use null for a test that is not defined.`,
    );
  const order = pValues
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  adjust(order.map(({ p }) => p)).forEach((p, rank) => (adjusted[order[rank].index] = p));
  return adjusted;
}
