/** A difference and its interval, as shares. */
export interface ShownDifference {
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** `+0.021 (-0.004 to +0.046)`; without an interval the difference alone, a dash where it is not defined. */
export function differenceText(
  { difference, lower, upper }: ShownDifference,
  { scale = 1, digits = 3 }: { readonly scale?: number; readonly digits?: number } = {},
): string {
  if (difference === null) return '-';
  const signed = (value: number): string =>
    `${value < 0 ? '-' : '+'}${Math.abs(scale * value).toFixed(digits)}`;
  return lower === null || upper === null
    ? signed(difference)
    : `${signed(difference)} (${signed(lower)} to ${signed(upper)})`;
}
