/** Returns a size of whole pixels. @throws RangeError with the value for any other. */
export function checkSize(
  size: readonly [height: number, width: number],
): readonly [height: number, width: number] {
  if (!size.every((side) => Number.isInteger(side) && side >= 1))
    throw new RangeError(
      `A size is a whole height and width of at least 1, got ${size.join(' x ')}.`,
    );
  return size;
}
