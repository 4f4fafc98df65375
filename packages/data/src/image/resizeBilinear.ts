import type { Pixels } from '@nonlocal-med/core';
import { bilinearTaps } from './axisTaps.js';
import { checkSize } from './checkSize.js';
import { resample } from './resample.js';

/**
 * Resizes to [height, width] by linear interpolation between the nearest pixels, without smoothing when shrinking:
 * OpenCV's INTER_LINEAR within one grey level. For shrinking prefer `resizeArea`.
 */
export function resizeBilinear(
  pixels: Pixels,
  size: readonly [height: number, width: number],
): Pixels {
  const [height, width] = checkSize(size);
  return resample(pixels, bilinearTaps(pixels.height, height), bilinearTaps(pixels.width, width));
}
