import type { Pixels } from '@nonlocal-med/core';
import type { PixelMap } from './sourceOf.js';

/** Moves pixels along a map that takes whole pixels to whole pixels. */
export function copyMapped(
  { data, width, height, channels }: Pixels,
  { xx, xy, x0, yx, yy, y0 }: PixelMap,
  output: Uint8Array,
): void {
  const step = (yx * width + xx) * channels;
  for (let y = 0, at = 0; y < height; y++) {
    let from = ((yy * y + y0) * width + xy * y + x0) * channels;
    if (channels === 1) {
      for (let x = 0; x < width; x++, from += step) output[at++] = data[from];
    } else {
      for (let x = 0; x < width; x++, from += step, at += 3) {
        output[at] = data[from];
        output[at + 1] = data[from + 1];
        output[at + 2] = data[from + 2];
      }
    }
  }
}
