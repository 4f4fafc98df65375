/** Frame of the corrections for several comparisons: `adjust` gets the defined p-values in ascending order and returns theirs. */
export function adjustPValues(
  pValues: readonly (number | null)[],
  adjust: (ascending: readonly number[]) => readonly number[],
): (number | null)[] {
  const wrong = pValues.findIndex((p) => p !== null && !(p >= 0 && p <= 1));
  if (wrong >= 0)
    throw new RangeError(
      `p-value ${wrong} is ${pValues[wrong]}, not between 0 and 1; give null for a test that is not defined.`,
    );
  const order = pValues
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  adjust(order.map(({ p }) => p)).forEach((p, rank) => (adjusted[order[rank].index] = p));
  return adjusted;
}
