import type { Pixels, Random } from '@nonlocal-med/core';
import { applyAugmentation } from './applyAugmentation.js';
import { type AugmentationOptions, drawAugmentation } from './drawAugmentation.js';

export type { AugmentationOptions };

/**
 * Random flips and a rotation (spec 7.7; paper section 4.1), composed so that pixels are interpolated at most once.
 * Equal streams give equal images. For a lesion mask beside its image, draw once with `drawAugmentation` and apply it
 * to both with `applyAugmentation`.
 */
export function augment(
  pixels: Pixels,
  random: Random,
  options: AugmentationOptions & { readonly fill?: number } = {},
): Pixels {
  return applyAugmentation(pixels, drawAugmentation(random, options), { fill: options.fill });
}
