import type { PixelData, Pixels } from '@nonlocal-med/core';
import { zerosLike } from './levels.js';

/**
 * Converts RGB to one plane of luma (0.299 R + 0.587 G + 0.114 B, in OpenCV's 15-bit fixed point). Grayscale pixels are
 * returned as they are.
 */
export function toGrayscale<Data extends PixelData>(pixels: Pixels<Data>): Pixels<Data> {
  if (pixels.channels === 1) return pixels;
  const { data, height, width } = pixels;
  const luma = zerosLike(data, height * width);
  for (let pixel = 0, i = 0; pixel < luma.length; pixel++, i += 3)
    luma[pixel] = (data[i] * 9798 + data[i + 1] * 19235 + data[i + 2] * 3735 + 16384) >> 15;
  return { data: luma, height, width, channels: 1 };
}

/** Repeats a grayscale plane in three channels. RGB pixels are returned as they are. */
export function toRgb<Data extends PixelData>(pixels: Pixels<Data>): Pixels<Data> {
  if (pixels.channels === 3) return pixels;
  const { data, height, width } = pixels;
  const rgb = zerosLike(data, 3 * data.length);
  for (let pixel = 0, i = 0; pixel < data.length; pixel++, i += 3)
    rgb[i] = rgb[i + 1] = rgb[i + 2] = data[pixel];
  return { data: rgb, height, width, channels: 3 };
}
