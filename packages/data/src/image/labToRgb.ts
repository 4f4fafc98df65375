import { LINEAR_BELOW, LINEAR_OFFSET, LINEAR_SLOPE, RGB_TO_XYZ } from './labConstants.js';
import type { Lab } from './rgbToLab.js';

/** Steps of the table from linear light to 8-bit sRGB: a tenth of a level where the curve is steepest. */
const STEPS = 32768;
/** f(t) where the cube root begins. */
const ROOT_FROM = Math.cbrt(LINEAR_BELOW);

let levels: Uint8Array | undefined;
let inverse: readonly number[] | undefined;

/** CIE LAB back to 8-bit sRGB [pixels, 3]; colours outside sRGB are cut off at 0 and 255. Inverse of {@link Lab}'s formulas. */
export function labToRgb(
  { lightness, colours }: Lab,
  output: Uint8Array = new Uint8Array(3 * lightness.length),
): Uint8Array {
  levels ??= makeLevels();
  inverse ??= invert(RGB_TO_XYZ);
  const [rx, ry, rz, gx, gy, gz, bx, by, bz] = inverse;
  const level = levels;
  for (let pixel = 0, i = 0, j = 0; pixel < lightness.length; pixel++, i += 3, j += 2) {
    const fy = (lightness[pixel] / 2.55 + 16) / 116;
    const fx = fy + colours[j] / 500;
    const fz = fy - colours[j + 1] / 200;
    const x = fx > ROOT_FROM ? fx * fx * fx : (fx - LINEAR_OFFSET) / LINEAR_SLOPE;
    const y = fy > ROOT_FROM ? fy * fy * fy : (fy - LINEAR_OFFSET) / LINEAR_SLOPE;
    const z = fz > ROOT_FROM ? fz * fz * fz : (fz - LINEAR_OFFSET) / LINEAR_SLOPE;
    const r = rx * x + ry * y + rz * z;
    const g = gx * x + gy * y + gz * z;
    const b = bx * x + by * y + bz * z;
    output[i] = r <= 0 ? 0 : r >= 1 ? 255 : level[(r * STEPS + 0.5) | 0];
    output[i + 1] = g <= 0 ? 0 : g >= 1 ? 255 : level[(g * STEPS + 0.5) | 0];
    output[i + 2] = b <= 0 ? 0 : b >= 1 ? 255 : level[(b * STEPS + 0.5) | 0];
  }
  return output;
}

function makeLevels(): Uint8Array {
  return Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
    const c = step / STEPS;
    return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055) + 0.5;
  });
}

/** Inverse of a 3 x 3 matrix by its cofactors. */
function invert([a, b, c, d, e, f, g, h, i]: readonly number[]): readonly number[] {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map((cofactor) => cofactor / determinant);
}
