import type { Pixels } from '@nonlocal-med/core';
import sharp, { type Sharp } from 'sharp';

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
