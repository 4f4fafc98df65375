import type { PixelData } from '@nonlocal-med/core';
import { highestLevel, zerosLike } from './levels.js';

/** An image in CIE LAB: lightness as levels for contrast steps, color in full precision. */
export interface Lab<Data extends PixelData = Uint8Array> {
  /** L scaled to 0..255 (16 bits: 0..65,535) and rounded, [pixels]. */
  readonly lightness: Data;
  /** a and b, not rounded, about -110..110, [pixels, 2]. */
  readonly ab: Float32Array;
}

/** Linear sRGB to CIE XYZ divided by the D65 white point, row-major (spec 7.5; OpenCV's coefficients). */
const RGB_TO_XYZ: readonly number[] = [
  0.412453 / 0.950456,
  0.35758 / 0.950456,
  0.180423 / 0.950456,
  0.212671,
  0.71516,
  0.072169,
  0.019334 / 1.088754,
  0.119193 / 1.088754,
  0.950227 / 1.088754,
];

/** Below this fraction of the white point, CIE LAB replaces the cube root f(t) by a line. */
const LINEAR_BELOW = 0.008856;
const LINEAR_SLOPE = 7.787;
const LINEAR_OFFSET = 16 / 116;
/** f(t) where the cube root begins. */
const ROOT_FROM = Math.cbrt(LINEAR_BELOW);

/** Steps of the lookup table of f(t); linear interpolation between them is within 5e-6 of the cube root. */
const ROOT_STEPS = 4096;
/** Steps of the lookup table from linear light to 8-bit sRGB: a tenth of a level where the curve is steepest. */
const LEVEL_STEPS = 32768;

/** Lookup tables by the highest level, 255 or 65,535. */
const linearTables = new Map<number, Float32Array>();
let rootTable: Float32Array | undefined;
let levels: Uint8Array | undefined;
let fineLevels: Float64Array | undefined;
let inverse: readonly number[] | undefined;

/**
 * Converts sRGB [pixels, 3] of 8 or 16 bits to CIE LAB under D65 (spec 7.5). a and b are within 0.005 of the exact formulas;
 * lightness is their value rounded to the depth of the image (OpenCV's own 8-bit conversion rounds differently, by at most one level).
 */
export function rgbToLab<Data extends PixelData>(
  rgb: Data,
  output: Lab<Data> = emptyLab(rgb),
): Lab<Data> {
  const { lightness, ab } = output;
  const highest = highestLevel(rgb);
  const linear = linearTable(highest);
  const root = (rootTable ??= makeRootTable());
  const scale = highest === 255 ? 2.55 : 655.35;
  const [xr, xg, xb, yr, yg, yb, zr, zg, zb] = RGB_TO_XYZ;
  for (let pixel = 0, i = 0, j = 0; pixel < lightness.length; pixel++, i += 3, j += 2) {
    const r = linear[rgb[i]];
    const g = linear[rgb[i + 1]];
    const b = linear[rgb[i + 2]];
    const x = (xr * r + xg * g + xb * b) * ROOT_STEPS;
    const y = (yr * r + yg * g + yb * b) * ROOT_STEPS;
    const z = (zr * r + zg * g + zb * b) * ROOT_STEPS;
    const xi = x | 0;
    const yi = y | 0;
    const zi = z | 0;
    const fx = root[xi] + (root[xi + 1] - root[xi]) * (x - xi);
    const fy = root[yi] + (root[yi + 1] - root[yi]) * (y - yi);
    const fz = root[zi] + (root[zi + 1] - root[zi]) * (z - zi);
    lightness[pixel] = (116 * fy - 16) * scale + 0.5;
    ab[j] = 500 * (fx - fy);
    ab[j + 1] = 200 * (fy - fz);
  }
  return output;
}

/** Converts CIE LAB back to sRGB [pixels, 3]; colors outside sRGB are clipped. Inverse of {@link rgbToLab}. */
export function labToRgb<Data extends PixelData>(
  { lightness, ab }: Lab<Data>,
  output: Data = zerosLike(lightness, 3 * lightness.length),
): Data {
  const toLevel = highestLevel(lightness) === 255 ? eightBitLevels() : sixteenBitLevels();
  const scale = highestLevel(lightness) === 255 ? 2.55 : 655.35;
  inverse ??= invert(RGB_TO_XYZ);
  const [rx, ry, rz, gx, gy, gz, bx, by, bz] = inverse;
  for (let pixel = 0, i = 0, j = 0; pixel < lightness.length; pixel++, i += 3, j += 2) {
    const fy = (lightness[pixel] / scale + 16) / 116;
    const fx = fy + ab[j] / 500;
    const fz = fy - ab[j + 1] / 200;
    const x = fx > ROOT_FROM ? fx * fx * fx : (fx - LINEAR_OFFSET) / LINEAR_SLOPE;
    const y = fy > ROOT_FROM ? fy * fy * fy : (fy - LINEAR_OFFSET) / LINEAR_SLOPE;
    const z = fz > ROOT_FROM ? fz * fz * fz : (fz - LINEAR_OFFSET) / LINEAR_SLOPE;
    const r = rx * x + ry * y + rz * z;
    const g = gx * x + gy * y + gz * z;
    const b = bx * x + by * y + bz * z;
    output[i] = toLevel(r);
    output[i + 1] = toLevel(g);
    output[i + 2] = toLevel(b);
  }
  return output;
}

function emptyLab<Data extends PixelData>(rgb: Data): Lab<Data> {
  const pixels = rgb.length / 3;
  return { lightness: zerosLike(rgb, pixels), ab: new Float32Array(2 * pixels) };
}

/** sRGB levels to linear light, [highest + 1]. */
function linearTable(highest: number): Float32Array {
  let table = linearTables.get(highest);
  if (table === undefined) {
    table = Float32Array.from({ length: highest + 1 }, (_, level) => {
      const c = level / highest;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    linearTables.set(highest, table);
  }
  return table;
}

/** f(t) at ROOT_STEPS + 2 points. */
function makeRootTable(): Float32Array {
  return Float32Array.from({ length: ROOT_STEPS + 2 }, (_, step) => {
    const t = step / ROOT_STEPS;
    return t > LINEAR_BELOW ? Math.cbrt(t) : LINEAR_SLOPE * t + LINEAR_OFFSET;
  });
}

/** sRGB of a step of linear light, 0 to 1. */
function encodeStep(step: number): number {
  const c = step / LEVEL_STEPS;
  return c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055;
}

/** From linear light to 8-bit sRGB, rounded. */
function eightBitLevels(): (light: number) => number {
  const table = (levels ??= Uint8Array.from(
    { length: LEVEL_STEPS + 1 },
    (_, step) => 255 * encodeStep(step) + 0.5,
  ));
  return (light) => (light <= 0 ? 0 : light >= 1 ? 255 : table[(light * LEVEL_STEPS + 0.5) | 0]);
}

/** From linear light to 16-bit sRGB, rounded; interpolated, because a step near black has 26 levels. */
function sixteenBitLevels(): (light: number) => number {
  const table = (fineLevels ??= Float64Array.from(
    { length: LEVEL_STEPS + 1 },
    (_, step) => 65535 * encodeStep(step),
  ));
  return (light) => {
    if (light <= 0) return 0;
    if (light >= 1) return 65535;
    const step = (light * LEVEL_STEPS) | 0;
    return table[step] + (table[step + 1] - table[step]) * (light * LEVEL_STEPS - step) + 0.5;
  };
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
