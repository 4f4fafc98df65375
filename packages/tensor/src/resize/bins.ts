/** One bin of an adaptive pooling: positions from start up to, not including, end. */
export interface Bin {
  readonly start: number;
  readonly end: number;
}

/**
 * PyTorch's adaptive bins of `length` positions: start floor(i n / o), end ceil((i + 1) n / o). They may overlap and differ
 * in size (spec 5.1).
 * @throws RangeError where `count` is not a whole number of at least 1.
 */
export function bins(length: number, count: number): Bin[] {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`an output size must be a whole number of at least 1, not ${count}`);
  return Array.from({ length: count }, (_, i) => ({ start: Math.floor((i * length) / count), end: Math.ceil(((i + 1) * length) / count) }));
}
