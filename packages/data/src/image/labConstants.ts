/** Linear sRGB -> CIE XYZ divided by the D65 white, row-major (spec 7.5; OpenCV's figures). */
export const RGB_TO_XYZ: readonly number[] = [
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

/** Below this share of white the cube root of CIE LAB gives way to a line. */
export const LINEAR_BELOW = 0.008856;
export const LINEAR_SLOPE = 7.787;
export const LINEAR_OFFSET = 16 / 116;
