import type { Pixels } from '@nonlocal-med/core';
import { resizeArea } from '@nonlocal-med/data';

/** Pixels at a size; each becomes a block where the size is a whole multiple, so that a small image stays what it is. */
export function enlarge(
  pixels: Pixels,
  [height, width]: readonly [height: number, width: number],
): Pixels {
  const [down, across] = [height / pixels.height, width / pixels.width];
  if (!Number.isInteger(down) || !Number.isInteger(across))
    return resizeArea(pixels, [height, width]);
  const { channels } = pixels;
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = channels * (Math.floor(y / down) * pixels.width + Math.floor(x / across));
      data.set(pixels.data.subarray(from, from + channels), channels * (y * width + x));
    }
  }
  return { data, height, width, channels };
}
