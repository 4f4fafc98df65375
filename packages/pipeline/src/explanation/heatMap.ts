import type { Pixels } from '@nonlocal-med/core';
import { resizeArea } from '@nonlocal-med/data';
import sharp, { type Sharp } from 'sharp';

/** A map [height * width] in grey, 255 at its maximum, of at most `longest` pixels a side. */
export function heatMap(
  map: Float32Array,
  { height, width, longest = 64 }: { height: number; width: number; longest?: number },
): Pixels {
  const shrink = Math.min(1, longest / Math.max(height, width));
  const size = [
    Math.max(1, Math.round(height * shrink)),
    Math.max(1, Math.round(width * shrink)),
  ] as const;
  const small = resizeArea(grey(map, height, width), size);
  return grey(Float32Array.from(small.data), ...size);
}

function grey(values: Float32Array, height: number, width: number): Pixels {
  const maximum = values.reduce((largest, value) => Math.max(largest, value), 0);
  return {
    data: Uint8Array.from(values, (value) =>
      maximum > 0 ? Math.round((255 * Math.max(0, value)) / maximum) : 0,
    ),
    height,
    width,
    channels: 1,
  };
}

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

/** Pixels as an image of sharp's. */
export function encodeImage({ data, width, height, channels }: Pixels): Sharp {
  const picture = sharp(data, { raw: { width, height, channels } });
  return channels === 1 ? picture.toColourspace('b-w') : picture;
}
