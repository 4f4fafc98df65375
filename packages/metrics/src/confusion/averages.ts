/** part / whole; null when the whole is zero. */
export function safeDivide(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** Mean of the values that are defined; null when none is. */
export function meanOfDefined(
  count: number,
  valueAt: (index: number) => number | null,
): number | null {
  let sum = 0;
  let defined = 0;
  for (let i = 0; i < count; i++) {
    const value = valueAt(i);
    if (value === null) continue;
    sum += value;
    defined++;
  }
  return safeDivide(sum, defined);
}

/** Mean of values that each count `weights[i]` times; null when all weights are zero. */
export function weightedMean(values: ArrayLike<number>, weights: Float64Array): number | null {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return safeDivide(sum, total);
}
