/** A share as percent without its sign, as the paper prints it: 0.9248 -> `92.48`; a dash for null. Minus signs are true ones. */
export function percentText(value: number | null, digits = 2): string {
  return value === null ? '–' : (100 * value).toFixed(digits).replace('-', '−');
}
