/** One bin of a pooling: positions from start up to, not including, end. */
export interface Bin {
  readonly start: number;
  readonly end: number;
}

/** How positions are shared among bins: as PyTorch's adaptive pooling does it, or windows of one size at one stride. */
export type BinRule = 'adaptive' | 'plain';

/**
 * The bins that bring `length` positions to `count`. `adaptive`: start floor(i n / o), end ceil((i + 1) n / o); they may
 * overlap and differ in size (spec 5.1). `plain`: stride floor(n / o), kernel n - (o - 1) stride, which covers everything
 * without padding; the same bins where o divides n.
 * @throws RangeError where `count` is not a whole number of at least 1, or plain bins are more than positions.
 */
export function bins(length: number, count: number, rule: BinRule = 'adaptive'): Bin[] {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`an output size must be a whole number of at least 1, not ${count}`);
  if (rule === 'adaptive')
    return Array.from({ length: count }, (_, i) => ({
      start: Math.floor((i * length) / count),
      end: Math.ceil(((i + 1) * length) / count),
    }));
  if (count > length)
    throw new RangeError(
      `plain pooling cannot bring ${length} positions to ${count}; at most ${length} are possible`,
    );
  const stride = Math.floor(length / count);
  const kernel = length - (count - 1) * stride;
  return Array.from({ length: count }, (_, i) => ({ start: i * stride, end: i * stride + kernel }));
}
