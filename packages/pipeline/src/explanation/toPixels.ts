import type { Pixels, Preprocessing } from '@nonlocal-med/core';

/** A normalised image, [height, width, 3], as the 8-bit pixels that it was made from. */
export function toPixels(
  image: Float32Array,
  { size: [height, width], mean, std }: Pick<Preprocessing, 'size' | 'mean' | 'std'>,
): Pixels {
  const data = Uint8Array.from(image, (value, i) =>
    Math.min(255, Math.max(0, Math.round(255 * (value * std[i % 3] + mean[i % 3])))),
  );
  return { data, height, width, channels: 3 };
}
