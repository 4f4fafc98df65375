/** Elements of one block of attention weights: 256 rows at 97 x 97 keys, about 9 MiB of float32. */
const BLOCK_ELEMENTS = 256 * 9409;

/** Rows of queries that are worth taking at a time with this many keys. */
export function defaultBlockRows(keys: number): number {
  const rows = Math.floor(BLOCK_ELEMENTS / keys / 32) * 32;
  return Math.min(Math.max(rows, 32), 2048);
}
