import type { Pixels } from '@nonlocal-med/core';
import type { PixelMap } from './sourceOf.js';

/** Every output pixel is the one nearest to its source; outside the image lies `fill`. */
export function sampleNearest(
  { data, width, height, channels }: Pixels,
  { xx, xy, x0, yx, yy, y0 }: PixelMap,
  { output, fill }: { output: Uint8Array; fill: number },
): void {
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.floor(xx * x + xy * y + x0 + 0.5);
      const row = Math.floor(yx * x + yy * y + y0 + 0.5);
      const inside = column >= 0 && row >= 0 && column < width && row < height;
      const from = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) output[at++] = inside ? data[from + c] : fill;
    }
  }
}
