import { InputError, type Pixels, type Sample } from '@nonlocal-med/core';
import { decodeImage } from '@nonlocal-med/data';
import type { MaskOf } from './maskFinder.js';

/** A JPEG's edges ring: what is darker than this is no lesion. */
const LESION_LEVEL = 128;

/**
 * The lesion mask of a sample, 1 inside lesions; undefined where it has none. A mask in a lossy file is cut at half its
 * range, one in a PNG of classes 0, 1, 2, ... at 1.
 * @throws InputError when the file cannot be read.
 */
export async function loadMask(sample: Sample, maskOf: MaskOf): Promise<Pixels | undefined> {
  const mask = maskOf(sample);
  if (mask === undefined || typeof mask !== 'string') return mask;
  let pixels: Pixels;
  try {
    pixels = await decodeImage(mask, { color: 'grey' });
  } catch (error) {
    if (error instanceof InputError)
      throw new InputError(
        { ...error.issues[0], path: `mask of "${sample.id}": ${error.issues[0].path}` },
        { cause: error },
      );
    throw error;
  }
  const threshold = /\.(jpe?g|webp)$/i.test(mask) ? LESION_LEVEL : 1;
  return { ...pixels, data: pixels.data.map((value) => (value >= threshold ? 1 : 0)) };
}
