import type { Pixels, Preprocessing } from '@nonlocal-med/core';

/**
 * Writes `(value / 255 - mean) / std` per channel into `output` [height, width, 3]: the place of one image in a
 * batch, e.g. `batch.subarray(index * stride, (index + 1) * stride)`. A grey plane is repeated three times. Allocates
 * nothing.
 *
 * @throws RangeError when the output holds another number of values.
 */
export function normalize(
  { data, channels }: Pixels,
  { mean, std }: Pick<Preprocessing, 'mean' | 'std'>,
  output: Float32Array,
): Float32Array {
  if (output.length * channels !== data.length * 3)
    throw new RangeError(
      `normalize got room for ${output.length} values for an image of ${(data.length / channels) * 3}.`,
    );
  const step = channels === 1 ? 0 : 1;
  const [r, g, b] = [1 / (255 * std[0]), 1 / (255 * std[1]), 1 / (255 * std[2])];
  const [r0, g0, b0] = [mean[0] / std[0], mean[1] / std[1], mean[2] / std[2]];
  for (let i = 0, j = 0; j < output.length; i += channels, j += 3) {
    output[j] = data[i] * r - r0;
    output[j + 1] = data[i + step] * g - g0;
    output[j + 2] = data[i + 2 * step] * b - b0;
  }
  return output;
}
