import type { Pixels } from '@nonlocal-med/core';
import type { PixelMap } from './sourceOf.js';

/** Every output pixel interpolated linearly between the four around its source; outside the image lies `fill`. */
export function sampleBilinear(
  { data, width, height, channels }: Pixels,
  { xx, xy, x0, yx, yy, y0 }: PixelMap,
  { output, fill }: { output: Uint8Array; fill: number },
): void {
  const stride = width * channels;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const sourceX = xx * x + xy * y + x0;
      const sourceY = yx * x + yy * y + y0;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const a = sourceX - left;
      const b = sourceY - top;
      if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
        const from = top * stride + left * channels;
        for (let c = 0; c < channels; c++) {
          const i = from + c;
          const upper = data[i] + (data[i + channels] - data[i]) * a;
          const lower = data[i + stride] + (data[i + stride + channels] - data[i + stride]) * a;
          output[at + c] = upper + (lower - upper) * b + 0.5;
        }
      } else {
        const pixel = (column: number, row: number, c: number): number =>
          column >= 0 && row >= 0 && column < width && row < height
            ? data[row * stride + column * channels + c]
            : fill;
        for (let c = 0; c < channels; c++) {
          const upper = pixel(left, top, c) * (1 - a) + pixel(left + 1, top, c) * a;
          const lower = pixel(left, top + 1, c) * (1 - a) + pixel(left + 1, top + 1, c) * a;
          output[at + c] = upper * (1 - b) + lower * b + 0.5;
        }
      }
    }
  }
}
