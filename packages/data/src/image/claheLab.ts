import { checkClahe, type ClaheOptions } from './checkClahe.js';
import { clahe } from './clahe.js';
import { labToRgb } from './labToRgb.js';
import { type Lab, rgbToLab } from './rgbToLab.js';

let scratch: Lab | undefined;

/**
 * CLAHE of a colour image [height, width, 3]: {@link clahe} on the lightness of CIE LAB, the colour kept (spec 7.4, the
 * commonest form in fundus work). Lightness is rounded to 8 bits for it, a and b are not. `output` may be `rgb` itself.
 *
 * @throws RangeError when the length is not 3 * width * height, or a number is out of range.
 */
export function claheLab(
  rgb: Uint8Array,
  {
    width,
    height,
    clipLimit = 2,
    tilesX = 8,
    tilesY = 8,
    output = new Uint8Array(rgb.length),
  }: ClaheOptions & { readonly output?: Uint8Array },
): Uint8Array {
  checkClahe({ length: rgb.length / 3 }, { width, height, clipLimit, tilesX, tilesY });
  if (output.length !== rgb.length)
    throw new RangeError(
      `claheLab's output has ${output.length} values for an image of ${rgb.length}.`,
    );
  if (scratch?.lightness.length !== width * height) scratch = rgbToLab(rgb);
  else rgbToLab(rgb, scratch);
  clahe(scratch.lightness, { width, height, clipLimit, tilesX, tilesY, output: scratch.lightness });
  return labToRgb(scratch, output);
}
