import type { PixelData, Pixels } from '@nonlocal-med/core';
import { highestLevel } from './levels.js';

/** Changes of an image's levels, applied in this order; 1 leaves them as they are. */
export interface IntensityFactors {
  /** Factor of every level. */
  readonly brightness: number;
  /** Factor of every level's distance from the mean luminance of the image. */
  readonly contrast: number;
  /** Power of every level, as a fraction of the highest level: more than 1 darkens the middle levels. */
  readonly gamma: number;
}

/**
 * Changes brightness, contrast and gamma of an image in place, as torchvision's adjust_brightness, adjust_contrast and
 * adjust_gamma do on floating-point images: results are clipped after each step and rounded once, at the end.
 *
 * @returns the pixels
 */
export function adjustIntensity<Data extends PixelData>(
  pixels: Pixels<Data>,
  { brightness, contrast, gamma }: IntensityFactors,
): Pixels<Data> {
  const { data } = pixels;
  const highest = highestLevel(data);
  const clip = (level: number): number => Math.min(highest, Math.max(0, level));
  const brighter = Float64Array.from({ length: highest + 1 }, (_, level) =>
    clip(level * brightness),
  );
  const mean = contrast === 1 ? 0 : meanLuminance(pixels, brighter);
  const levels = Uint16Array.from(brighter, (level) => {
    const contrasted = clip(contrast * level + (1 - contrast) * mean);
    return Math.round(highest * (contrasted / highest) ** gamma);
  });
  for (let i = 0; i < data.length; i++) data[i] = levels[data[i]];
  return pixels;
}

/** Mean of 0.2989 R + 0.587 G + 0.114 B, torchvision's weights, or of the only channel, over `levels` of the pixels. */
function meanLuminance({ data, channels }: Pixels<PixelData>, levels: Float64Array): number {
  let sum = 0;
  if (channels === 1) for (const level of data) sum += levels[level];
  else
    for (let i = 0; i < data.length; i += 3)
      sum += 0.2989 * levels[data[i]] + 0.587 * levels[data[i + 1]] + 0.114 * levels[data[i + 2]];
  return (sum * channels) / data.length;
}
