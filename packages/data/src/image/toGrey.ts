import type { Pixels } from '@nonlocal-med/core';

/** One plane of luma (0.299 R + 0.587 G + 0.114 B, in OpenCV's 15-bit fixed point); grey pixels are returned as they are. */
export function toGrey(pixels: Pixels): Pixels {
  if (pixels.channels === 1) return pixels;
  const { data, height, width } = pixels;
  const grey = new Uint8Array(height * width);
  for (let pixel = 0, i = 0; pixel < grey.length; pixel++, i += 3)
    grey[pixel] = (data[i] * 9798 + data[i + 1] * 19235 + data[i + 2] * 3735 + 16384) >> 15;
  return { data: grey, height, width, channels: 1 };
}
