import { LINEAR_BELOW, LINEAR_OFFSET, LINEAR_SLOPE, RGB_TO_XYZ } from './labConstants.js';

/** An image in CIE LAB as contrast steps need it: lightness to equalise, colour to keep. */
export interface Lab {
  /** L scaled to 0..255 and rounded, [pixels]. */
  readonly lightness: Uint8Array;
  /** a and b, not rounded, about -110..110, [pixels, 2]. */
  readonly colours: Float32Array;
}

/** Steps of the table of f(t); linear interpolation between them is within 5e-6 of the cube root. */
const STEPS = 4096;

let tables: { readonly linear: Float32Array; readonly root: Float32Array } | undefined;

/**
 * 8-bit sRGB [pixels, 3] to CIE LAB under D65 (spec 7.5). Within 0.005 of the formulas in a and b; 8-bit lightness is
 * their rounded value (OpenCV's own 8-bit conversion rounds differently by at most one level).
 */
export function rgbToLab(rgb: Uint8Array, into: Lab = emptyLab(rgb.length / 3)): Lab {
  const { lightness, colours } = into;
  const { linear, root } = (tables ??= makeTables());
  const [xr, xg, xb, yr, yg, yb, zr, zg, zb] = RGB_TO_XYZ;
  for (let pixel = 0, i = 0, j = 0; pixel < lightness.length; pixel++, i += 3, j += 2) {
    const r = linear[rgb[i]];
    const g = linear[rgb[i + 1]];
    const b = linear[rgb[i + 2]];
    const x = (xr * r + xg * g + xb * b) * STEPS;
    const y = (yr * r + yg * g + yb * b) * STEPS;
    const z = (zr * r + zg * g + zb * b) * STEPS;
    const xi = x | 0;
    const yi = y | 0;
    const zi = z | 0;
    const fx = root[xi] + (root[xi + 1] - root[xi]) * (x - xi);
    const fy = root[yi] + (root[yi + 1] - root[yi]) * (y - yi);
    const fz = root[zi] + (root[zi + 1] - root[zi]) * (z - zi);
    lightness[pixel] = (116 * fy - 16) * 2.55 + 0.5;
    colours[j] = 500 * (fx - fy);
    colours[j + 1] = 200 * (fy - fz);
  }
  return into;
}

function emptyLab(pixels: number): Lab {
  return { lightness: new Uint8Array(pixels), colours: new Float32Array(2 * pixels) };
}

function makeTables(): { readonly linear: Float32Array; readonly root: Float32Array } {
  const linear = Float32Array.from({ length: 256 }, (_, level) => {
    const c = level / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const root = Float32Array.from({ length: STEPS + 2 }, (_, step) => {
    const t = step / STEPS;
    return t > LINEAR_BELOW ? Math.cbrt(t) : LINEAR_SLOPE * t + LINEAR_OFFSET;
  });
  return { linear, root };
}
