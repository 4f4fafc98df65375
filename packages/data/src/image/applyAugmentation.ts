import type { Pixels } from '@nonlocal-med/core';
import { copyMapped } from './copyMapped.js';
import type { Augmentation } from './drawAugmentation.js';
import { sampleBilinear } from './sampleBilinear.js';
import { sampleNearest } from './sampleNearest.js';
import { type PixelMap, sourceOf } from './sourceOf.js';

/**
 * Flips and rotates about the centre; same size, `fill` where nothing was. Every pixel is looked up once in the
 * original through the composed map: flips and, on square images, turns by multiples of 90 degrees move pixels exactly;
 * other angles interpolate (`bilinear`), or take the nearest pixel, which keeps a mask a mask (`nearest`). A transpose
 * would change the shape of an image that is not square: there it is a half-turn.
 */
export function applyAugmentation(
  pixels: Pixels,
  augmentation: Augmentation,
  {
    interpolation = 'bilinear',
    fill = 0,
  }: { readonly interpolation?: 'bilinear' | 'nearest'; readonly fill?: number } = {},
): Pixels {
  const map = sourceOf(augmentation, pixels);
  const output = { ...pixels, data: new Uint8Array(pixels.data.length) };
  if (isExact(map, pixels)) copyMapped(pixels, map, output.data);
  else
    (interpolation === 'bilinear' ? sampleBilinear : sampleNearest)(pixels, map, {
      output: output.data,
      fill,
    });
  return output;
}

/** Whether the map takes whole pixels to whole pixels of the image. */
function isExact({ xx, xy, x0, yx, yy, y0 }: PixelMap, { width, height }: Pixels): boolean {
  return (
    [xx, xy, x0, yx, yy, y0].every(Number.isInteger) && (width === height || (xy === 0 && yx === 0))
  );
}
