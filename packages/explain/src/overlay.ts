import type { Pixels } from '@nonlocal-med/core';

/**
 * Draws a heat map over its image: JET colors blended with the image, brightened to the full range (pytorch-grad-cam's
 * `show_cam_on_image`).
 * @param image 8-bit pixels, [height, width, 1 or 3]; not changed
 * @param map values in [0, 1], [height, width]
 * @param imageWeight weight of the image in the blend, 0 to 1
 * @returns 8-bit pixels, [height, width, 3]
 * @throws RangeError if the sizes differ
 * @example
 * ```ts
 * import { overlay } from '@nonlocal-med/explain';
 *
 * const { data } = overlay(
 *   { data: new Uint8Array(4).fill(90), height: 2, width: 2, channels: 1 },
 *   Float32Array.of(0, 0.25, 0.5, 1),
 * );
 * console.log(data.subarray(0, 3)); // Uint8Array(3) [ 66, 66, 161 ]
 * ```
 */
export function overlay(image: Pixels, map: Float32Array, imageWeight = 0.5): Pixels {
  const { height, width, channels, data } = image;
  if (map.length !== height * width)
    throw new RangeError(
      `overlay: the map has ${map.length} values, the image ${height} x ${width}.`,
    );
  const blended = new Float64Array(height * width * 3);
  let maximum = 0;
  for (let i = 0; i < blended.length; i++) {
    const pixel = Math.floor(i / 3);
    const heat = jetColors[Math.floor(255 * map[pixel]) * 3 + (i % 3)] / 255;
    const value = data[channels === 3 ? i : pixel] / 255;
    blended[i] = imageWeight * value + (1 - imageWeight) * heat;
    maximum = Math.max(maximum, blended[i]);
  }
  return {
    data: Uint8Array.from(blended, (value) => Math.floor((255 * value) / maximum)),
    height,
    width,
    channels: 3,
  };
}

const red = (i: number): number =>
  i < 96 ? 0 : i < 160 ? 2 + 4 * (i - 96) : i < 224 ? 255 : 4 * (287 - i);
const green = (i: number): number =>
  i < 33 ? 0 : i < 96 ? 4 * (i - 32) : i < 160 ? 255 : Math.max(0, 4 * (223 - i));
const blue = (i: number): number =>
  i < 32 ? 4 * (i + 32) : i < 96 ? 255 : i === 159 ? 1 : Math.max(0, 254 - 4 * (i - 96));

/** OpenCV's JET color map: 256 rows of red, green, blue; equal to `cv2.applyColorMap` (spec section 11). */
export const jetColors: Uint8Array = Uint8Array.from({ length: 256 * 3 }, (_, i) =>
  [red, green, blue][i % 3](Math.floor(i / 3)),
);
