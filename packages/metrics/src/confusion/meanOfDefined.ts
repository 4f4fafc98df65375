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
