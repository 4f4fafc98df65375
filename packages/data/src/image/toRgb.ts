import type { Pixels } from '@nonlocal-med/core';

/** Three equal channels of a grey plane; colour pixels are returned as they are. */
export function toRgb(pixels: Pixels): Pixels {
  if (pixels.channels === 3) return pixels;
  const { data, height, width } = pixels;
  const rgb = new Uint8Array(3 * data.length);
  for (let pixel = 0, i = 0; pixel < data.length; pixel++, i += 3)
    rgb[i] = rgb[i + 1] = rgb[i + 2] = data[pixel];
  return { data: rgb, height, width, channels: 3 };
}
