/** A p-value to three decimals; small ones as a bound, missing ones as a dash. */
export function pValueText(pValue: number | null): string {
  if (pValue === null) return '-';
  return pValue < 0.001 ? '< 0.001' : pValue.toFixed(3);
}
