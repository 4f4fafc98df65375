import type { ClassMap } from '@nonlocal-med/classifier';
import { type PixelData, type Pixels, type Preprocessing, saliencyColor } from '@nonlocal-med/core';
import { mapOnImage } from '@nonlocal-med/data/image';

/** The pixels of a saliency map over an image that is shown at some size. */
export function overlayPixels(
  { values }: ClassMap,
  {
    image,
    preprocessing: { size, fit },
    height,
    width,
  }: {
    readonly image: Pixels<PixelData>;
    readonly preprocessing: Preprocessing;
    readonly height: number;
    readonly width: number;
  },
): ImageData {
  const map = mapOnImage(values, image, { size, fit, to: [height, width] });
  const pixels = new ImageData(width, height);
  map.forEach((value, pixel) => {
    pixels.data.set(
      saliencyColor(value).map((channel) => 255 * channel),
      4 * pixel,
    );
  });
  return pixels;
}
