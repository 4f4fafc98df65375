import type { PixelData, Pixels } from '@nonlocal-med/core';
import { toGrayscale } from './channels.js';
import { resizeArea } from './resize.js';

/** Side length in pixels that an image is reduced to. */
const SIDE = 64;
/** Number of lowest frequencies kept along each axis. */
const KEPT = 16;
/** A coefficient of a 64 x 64 image of integer levels below this is a rounding error. */
const ROUNDING = 1e-6;

/** Row k holds 2 cos(pi k (2n + 1) / 128): the DCT of type II, not normalized (scipy's default). */
const basis = Float64Array.from(
  { length: KEPT * SIDE },
  (_, i) => 2 * Math.cos((Math.PI * Math.floor(i / SIDE) * (2 * (i % SIDE) + 1)) / (2 * SIDE)),
);

/**
 * The content of an image in 256 bits: images that differ by compression, size or brightness have hashes that differ in
 * few bits. The grayscale image is reduced to 64 x 64 by area means; each bit tells whether one of its 16 x 16 lowest
 * frequencies (DCT) is above their median. Equals `imagehash.phash(image, hash_size=16)` of Python's ImageHash except
 * for the way the image is reduced. Cropped, rotated and mirrored copies are not recognized.
 *
 * @returns 64 hexadecimal digits, the bits row by row
 */
export function perceptualHash(pixels: Pixels<PixelData>): string {
  const values = lowFrequencies(toGrayscale(resizeArea(pixels, [SIDE, SIDE])).data);
  const sorted = values.slice().sort();
  const median = (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
  let hash = '';
  for (let i = 0; i < values.length; i += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = 2 * digit + (values[i + bit] > median ? 1 : 0);
    hash += digit.toString(16);
  }
  return hash;
}

/** [SIDE, SIDE] levels to [KEPT, KEPT] coefficients: first along the height, then along the width. */
function lowFrequencies(levels: PixelData): Float64Array {
  const image = new Float64Array(levels);
  const columns = new Float64Array(KEPT * SIDE);
  for (let k = 0; k < KEPT; k++)
    for (let x = 0; x < SIDE; x += 4) {
      // Four columns at once, each of them summed in its order: memory is written once per sum.
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      for (let y = 0, i = x; y < SIDE; y++, i += SIDE) {
        const factor = basis[k * SIDE + y];
        sum0 += factor * image[i];
        sum1 += factor * image[i + 1];
        sum2 += factor * image[i + 2];
        sum3 += factor * image[i + 3];
      }
      columns.set([sum0, sum1, sum2, sum3], k * SIDE + x);
    }
  const values = new Float64Array(KEPT * KEPT);
  for (let row = 0, i = 0; row < KEPT; row++)
    for (let k = 0; k < KEPT; k++, i++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += columns[row * SIDE + x] * basis[k * SIDE + x];
      values[i] = Math.abs(sum) < ROUNDING ? 0 : sum;
    }
  return values;
}
