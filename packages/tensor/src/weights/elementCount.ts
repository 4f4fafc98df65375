/** Number of elements of a shape, or undefined when it is no shape or holds more than `limit` elements. */
export function elementCount(shape: readonly unknown[], limit: number): number | undefined {
  if (!shape.every((size): size is number => Number.isSafeInteger(size) && (size as number) >= 0))
    return undefined;
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (count > limit) return undefined;
  }
  return count;
}
