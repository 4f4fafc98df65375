import type { Pixels } from '@nonlocal-med/core';
import { areaTaps, bilinearTaps } from './axisTaps.js';
import { checkSize } from './checkSize.js';
import { resample } from './resample.js';

/**
 * Resizes to [height, width], aspect ratio not kept. An axis that shrinks takes the mean over the area each new pixel
 * covers, so that lesions of a few pixels fade instead of vanishing between samples; one that grows is interpolated
 * linearly. Within one grey level of OpenCV's INTER_AREA (both axes shrinking) and INTER_LINEAR (both growing).
 * Returns the pixels themselves when the size is already right.
 */
export function resizeArea(pixels: Pixels, size: readonly [height: number, width: number]): Pixels {
  const [height, width] = checkSize(size);
  if (height === pixels.height && width === pixels.width) return pixels;
  const taps = (from: number, to: number): ReturnType<typeof areaTaps> => (to <= from ? areaTaps(from, to) : bilinearTaps(from, to));
  return resample(pixels, taps(pixels.height, height), taps(pixels.width, width));
}
