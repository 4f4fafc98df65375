import type { Pixels } from '@nonlocal-med/core';
import { areaTaps, type AxisTaps, bilinearTaps } from './axisTaps.js';
import { checkSize } from './checkSize.js';
import { resample } from './resample.js';

/**
 * Resizes to [height, width], aspect ratio not kept. An axis that shrinks takes the mean over the area each new pixel
 * covers, so that lesions of a few pixels fade instead of vanishing between samples; one that grows is interpolated
 * linearly. OpenCV's INTER_AREA where both axes shrink (equal but for a pixel in a thousand, which differs by one level),
 * within one level of its INTER_LINEAR where both grow.
 * Returns the pixels themselves when the size is already right.
 */
export function resizeArea(pixels: Pixels, size: readonly [height: number, width: number]): Pixels {
  const [height, width] = checkSize(size);
  if (height === pixels.height && width === pixels.width) return pixels;
  const taps = (from: number, to: number): AxisTaps =>
    to <= from ? areaTaps(from, to) : bilinearTaps(from, to);
  // OpenCV halves in whole numbers, rounding up
  const halving = pixels.height === 2 * height && pixels.width === 2 * width;
  return resample(pixels, taps(pixels.height, height), taps(pixels.width, width), {
    halves: halving ? 'up' : 'even',
  });
}
