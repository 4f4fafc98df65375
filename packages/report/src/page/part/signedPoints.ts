/** A difference of shares in points with its sign: 0.0123 -> `+1.23`; a dash for null. */
export function signedPoints(value: number | null): string {
  if (value === null) return '–';
  const text = Math.abs(100 * value).toFixed(2);
  return text === '0.00' ? text : `${value < 0 ? '−' : '+'}${text}`;
}
