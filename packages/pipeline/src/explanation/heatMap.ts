import type { Pixels } from '@nonlocal-med/core';
import { resizeArea, resizeBilinear } from '@nonlocal-med/data';
import sharp, { type Sharp } from 'sharp';

/**
 * A saliency map as a grayscale image, 255 at its maximum.
 * @param map non-negative values, [height * width]
 * @param size.longest the image is shrunk to at most this many pixels on its longer edge
 */
export function heatMap(
  map: Float32Array,
  { height, width, longest = 64 }: { height: number; width: number; longest?: number },
): Pixels {
  const shrink = Math.min(1, longest / Math.max(height, width));
  const size = [
    Math.max(1, Math.round(height * shrink)),
    Math.max(1, Math.round(width * shrink)),
  ] as const;
  const small = resizeArea(toGrayscale(map, height, width), size);
  return toGrayscale(Float32Array.from(small.data), ...size);
}

/**
 * Resizes a saliency map for an overlay.
 * @param map non-negative values, [from height * from width]
 * @returns values in [0, 1], [to height * to width]
 */
export function resizeMap(
  map: Float32Array,
  { from: [height, width], to }: { from: readonly [number, number]; to: readonly [number, number] },
): Float32Array {
  const grayscale = heatMap(map, { height, width, longest: Infinity });
  return Float32Array.from(resizeBilinear(grayscale, to).data, (value) => value / 255);
}

function toGrayscale(values: Float32Array, height: number, width: number): Pixels {
  const maximum = values.reduce((largest, value) => Math.max(largest, value), 0);
  const data = Uint8Array.from(values, (value) =>
    maximum > 0 ? Math.round((255 * Math.max(0, value)) / maximum) : 0,
  );
  return { data, height, width, channels: 1 };
}

/** A copy of an RGB image with a white frame, edged in black, around a pixel. */
export function markPixel(pixels: Pixels, at: { readonly x: number; readonly y: number }): Pixels {
  const data = pixels.data.slice();
  const { height, width } = pixels;
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  const drawSquare = (radius: number, level: number): void => {
    for (let row = y - radius; row <= y + radius; row++)
      for (let column = x - radius; column <= x + radius; column++) {
        const onEdge = Math.max(Math.abs(row - y), Math.abs(column - x)) === radius;
        if (onEdge && row >= 0 && row < height && column >= 0 && column < width)
          data.fill(level, 3 * (row * width + column), 3 * (row * width + column) + 3);
      }
  };
  drawSquare(3, 0);
  drawSquare(2, 255);
  return { ...pixels, data };
}

/** Pixels as an image of sharp, to be resized and encoded. */
export function encodeImage({ data, width, height, channels }: Pixels): Sharp {
  const image = sharp(data, { raw: { width, height, channels } });
  return channels === 1 ? image.toColourspace('b-w') : image;
}
