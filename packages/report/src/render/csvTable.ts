import { csvField } from '@nonlocal-med/core';

/** Rows under names as CSV (RFC 4180). Numbers are written in full, so that reading them gives the same float64; null is empty. */
export function csvTable(
  names: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return [names, ...rows]
    .map(
      (row) => `${row.map((value) => (value === null ? '' : csvField(String(value)))).join(',')}\n`,
    )
    .join('');
}
