import type { Pixels } from '@nonlocal-med/core';

/** A colour image with a white frame, edged black, around a pixel; a copy. */
export function markPixel(
  pixels: Pixels,
  { x, y }: { readonly x: number; readonly y: number },
): Pixels {
  const data = pixels.data.slice();
  const { height, width } = pixels;
  for (const [radius, level] of [
    [3, 0],
    [2, 255],
  ]) {
    for (let row = Math.floor(y) - radius; row <= Math.floor(y) + radius; row++) {
      for (let column = Math.floor(x) - radius; column <= Math.floor(x) + radius; column++) {
        const onFrame =
          Math.max(Math.abs(row - Math.floor(y)), Math.abs(column - Math.floor(x))) === radius;
        if (onFrame && row >= 0 && row < height && column >= 0 && column < width)
          data.fill(level, 3 * (row * width + column), 3 * (row * width + column) + 3);
      }
    }
  }
  return { ...pixels, data };
}
