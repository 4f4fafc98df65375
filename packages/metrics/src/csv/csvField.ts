/** A value as a CSV field: quoted where RFC 4180 demands it, or where spaces at its ends could be lost. */
export function csvField(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
