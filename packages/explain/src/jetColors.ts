const positive = (value: number): number => Math.max(0, value);

const red = (i: number): number =>
  i < 96 ? 0 : i < 160 ? 2 + 4 * (i - 96) : i < 224 ? 255 : 4 * (287 - i);
const green = (i: number): number =>
  i < 33 ? 0 : i < 96 ? 4 * (i - 32) : i < 160 ? 255 : positive(4 * (223 - i));
const blue = (i: number): number =>
  i < 32 ? 4 * (i + 32) : i < 96 ? 255 : i === 159 ? 1 : positive(254 - 4 * (i - 96));

/** OpenCV's JET colour map: 256 rows of red, green, blue; equal to `cv2.applyColorMap` (spec section 11). */
export const jetColors: Uint8Array = Uint8Array.from({ length: 256 * 3 }, (_, at) =>
  [red, green, blue][at % 3](Math.floor(at / 3)),
);
