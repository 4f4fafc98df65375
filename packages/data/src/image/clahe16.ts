import { checkClahe, type ClaheOptions } from './checkClahe.js';
import { claheGrid } from './claheGrid.js';
import { clahePortable } from './clahePortable.js';

/**
 * {@link clahe} for 16-bit planes: 65,536 bins, values 0..65535, equal to OpenCV's on CV_16UC1. Grey X-rays of 12 bits
 * or more keep their fine steps until here. `output` may be the plane itself.
 *
 * @throws RangeError when the plane's length is not width * height, or a number is out of range.
 */
export function clahe16(
  plane: Uint16Array,
  {
    width,
    height,
    clipLimit = 2,
    tilesX = 8,
    tilesY = 8,
    output,
  }: ClaheOptions & { readonly output?: Uint16Array },
): Uint16Array {
  checkClahe(plane, { width, height, clipLimit, tilesX, tilesY });
  const target = output ?? new Uint16Array(plane.length);
  if (target.length !== plane.length)
    throw new RangeError(
      `clahe16's output has ${target.length} values for a plane of ${plane.length}.`,
    );
  return clahePortable(plane, claheGrid({ width, height, tilesX, tilesY }), clipLimit, target);
}
