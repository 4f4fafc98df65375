import type { Pixels } from '@nonlocal-med/core';
import sharp, { type Sharp } from 'sharp';

/** Pixels as an image of sharp's. */
export function encodePicture({ data, width, height, channels }: Pixels): Sharp {
  const picture = sharp(data, { raw: { width, height, channels } });
  return channels === 1 ? picture.toColourspace('b-w') : picture;
}
