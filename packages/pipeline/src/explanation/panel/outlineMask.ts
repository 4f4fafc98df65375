import type { Pixels } from '@nonlocal-med/core';
import { resizeMask } from '../resizeMask.js';

/** Bright, and far from the colours of fundus photographs and radiographs. */
const COLOR = [0, 255, 255] as const;

/**
 * A picture with a line around each lesion, which itself stays to be seen.
 * @param mask of any size; it is brought to the picture's.
 */
export function outlineMask(picture: Pixels, mask: Pixels): Pixels {
  const { height, width } = picture;
  const lesions = resizeMask(mask, [height, width]);
  const thickness = Math.max(1, Math.round(Math.min(height, width) / 160));
  const data = picture.data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (lesions[y * width + x] === 0 && nearLesion(lesions, { x, y, height, width, thickness }))
        data.set(COLOR, 3 * (y * width + x));
    }
  }
  return { ...picture, data };
}

function nearLesion(
  lesions: Uint8Array,
  {
    x,
    y,
    height,
    width,
    thickness,
  }: { x: number; y: number; height: number; width: number; thickness: number },
): boolean {
  for (let row = Math.max(0, y - thickness); row <= Math.min(height - 1, y + thickness); row++) {
    for (
      let column = Math.max(0, x - thickness);
      column <= Math.min(width - 1, x + thickness);
      column++
    )
      if (lesions[row * width + column] > 0) return true;
  }
  return false;
}
