import { type Pixels, saliencyColor } from '@nonlocal-med/core';

/** Opacity of a map's maximum over an image, as on the pages of reports. */
const OPACITY = 0.7;

/**
 * Draws a saliency map over its image in the colors that reports use too: viridis, transparent where the map is low, so
 * that the image stays visible. For pytorch-grad-cam's JET colors see `overlay`.
 * @param image 8-bit pixels, [height, width, 1 or 3]; not changed
 * @param map values in [0, 1], [height, width]
 * @returns 8-bit pixels, [height, width, 3]
 * @throws RangeError if the sizes differ
 */
export function blendMap(image: Pixels, map: Float32Array): Pixels {
  const { height, width, channels, data } = image;
  if (map.length !== height * width)
    throw new RangeError(
      `blendMap: the map has ${map.length} values, the image ${height} x ${width}.`,
    );
  const blended = new Uint8Array(height * width * 3);
  map.forEach((value, pixel) => {
    const [red, green, blue, opacity] = saliencyColor(value);
    [red, green, blue].forEach((color, channel) => {
      const level = data[channels === 3 ? 3 * pixel + channel : pixel];
      const weight = OPACITY * opacity;
      blended[3 * pixel + channel] = Math.round((1 - weight) * level + weight * 255 * color);
    });
  });
  return { data: blended, height, width, channels: 3 };
}
