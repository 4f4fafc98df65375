/** Elements of one block of attention weights: 256 rows at 97 x 97 keys, about 9 MiB of float32. */
const BLOCK_ELEMENTS = 256 * 9409;

/** With fewer rows matrix products lose more than the cache gains, however many keys there are. */
const FEWEST_ROWS = 256;
const MOST_ROWS = 4096;

/** Rows of queries that are worth taking at a time with this many keys. */
export function defaultBlockRows(keys: number): number {
  return Math.min(Math.max(Math.floor(BLOCK_ELEMENTS / keys), FEWEST_ROWS), MOST_ROWS);
}
