/** How a window slides over an image, the same in both directions. */
export interface WindowOptions {
  /** Step of the window in pixels. Default 1. */
  readonly stride?: number;
  /** Pixels added on each of the four sides. Default 0. */
  readonly padding?: number;
}

/** A window sliding over a batch of images, with the resulting sizes. */
export interface SlidingWindow {
  /** [B, H, W, C] of the input. */
  readonly input: readonly [number, number, number, number];
  /** Height and width of the window. */
  readonly size: readonly [number, number];
  readonly stride: number;
  readonly padding: number;
  /** Height and width of the output: floor((n + 2 padding - size) / stride) + 1, as in PyTorch. */
  readonly output: readonly [number, number];
}

/**
 * Computes the sizes of a sliding window with PyTorch's geometry (spec 2.1).
 * @throws RangeError if the window is larger than the padded image, or stride or padding is not an integer
 */
export function slidingWindow(
  input: readonly number[],
  size: readonly [number, number],
  { stride = 1, padding = 0 }: WindowOptions,
): SlidingWindow {
  if (input.length !== 4)
    throw new RangeError(`images must have the shape [B, H, W, C], not [${input.join(', ')}]`);
  if (!Number.isInteger(stride) || stride < 1)
    throw new RangeError(`stride must be an integer of at least 1, not ${stride}`);
  if (!Number.isInteger(padding) || padding < 0)
    throw new RangeError(`padding must be an integer of at least 0, not ${padding}`);
  const output = size.map(
    (length, axis) => Math.floor((input[axis + 1] + 2 * padding - length) / stride) + 1,
  );
  if (!output.every((length) => length >= 1)) {
    throw new RangeError(
      `a window of ${size.join(' x ')} with padding ${padding} does not fit into images of ${input[1]} x ${input[2]}`,
    );
  }
  return {
    input: input as SlidingWindow['input'],
    size,
    stride,
    padding,
    output: output as [number, number],
  };
}
