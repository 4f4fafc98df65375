/** A number with a fixed count of decimals; `-` where there is none. */
export function formatNumber(value: number | null | undefined, decimals = 4): string {
  return value === null || value === undefined || Number.isNaN(value)
    ? '-'
    : value.toFixed(decimals);
}
