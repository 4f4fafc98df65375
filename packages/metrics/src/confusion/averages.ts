/** Mean of the values that are defined; null when none is. */
export function meanOfDefined(
  count: number,
  valueOf: (index: number) => number | null,
): number | null {
  let sum = 0;
  let defined = 0;
  for (let i = 0; i < count; i++) {
    const value = valueOf(i);
    if (value === null) continue;
    sum += value;
    defined++;
  }
  return defined === 0 ? null : sum / defined;
}

/** Mean of values that each count `weights[i]` times; null when nothing counts. */
export function weightedMean(values: Float64Array, weights: Float64Array): number | null {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return total > 0 ? sum / total : null;
}

/** part / whole, or null where the whole is nothing. */
export function safeDivide(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
