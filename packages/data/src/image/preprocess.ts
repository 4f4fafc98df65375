import type { PixelData, Pixels, Preprocessing } from '@nonlocal-med/core';
import { toGrayscale, toRgb } from './channels.js';
import { equalize } from './clahe/clahe.js';
import { cropPixels, fitGeometry, padPixels } from './fitGeometry.js';
import { bytesPerLevel, highestLevel } from './levels.js';
import { LOCAL_MEAN_LEVEL, localMean } from './localMean.js';
import { resizeArea } from './resize.js';

/**
 * Converts a decoded image to the stored form of the network's input: cropped as `fit` says, the preprocessing's
 * `color`, resized with `resizeArea`, contrast evened out (spec 7.6), and placed between bars if it does not fill the
 * input. Bars are added last and have the {@link backgroundLevel}: contrast is computed from the image alone, so that
 * their black does not change how the image near them looks. `grey` gives one plane, which {@link normalize} repeats;
 * `rgb` gives three channels for grayscale files, too, so that a data set with both is treated alike. The result is the
 * same on every machine.
 *
 * @returns pixels [size[0], size[1], 1 or 3] of the same depth; possibly the input itself, which is never modified
 * @throws RangeError for a size, clip limit or number of tiles out of range
 */
export function preprocess<Data extends PixelData>(
  pixels: Pixels<Data>,
  preprocessing: Preprocessing,
): Pixels<Data> {
  const { size, color } = preprocessing;
  const { source, target } = fitGeometry(pixels, preprocessing);
  const cropped = cropPixels(pixels, source);
  const resized = resizeArea(color === 'grey' ? toGrayscale(cropped) : toRgb(cropped), [
    target.height,
    target.width,
  ]);
  const level = backgroundLevel(preprocessing);
  return padPixels(equalizeContrast(resized, preprocessing), { size, at: target, level });
}

function equalizeContrast<Data extends PixelData>(
  pixels: Pixels<Data>,
  { contrast, clipLimit, tiles: [tilesX, tilesY] }: Preprocessing,
): Pixels<Data> {
  switch (contrast) {
    case 'none':
      return pixels;
    case 'local-mean':
      return localMean(pixels);
    case 'clahe':
      return equalize(pixels, { clipLimit, tilesX, tilesY });
  }
}

/**
 * The level that preprocessing gives to empty background and to bars, and with which a rotation fills: black, or
 * local-mean's gray.
 */
export function backgroundLevel({
  contrast,
  values,
}: Pick<Preprocessing, 'contrast' | 'values'>): number {
  if (contrast !== 'local-mean') return 0;
  return bytesPerLevel({ values }) === 1 ? LOCAL_MEAN_LEVEL : LOCAL_MEAN_LEVEL * 257;
}

/**
 * Writes `(value / 255 - mean) / std` (65,535 instead of 255 for 16-bit pixels) per channel into `output` [height, width, 3], an image's part of a batch, e.g.
 * `batch.subarray(index * stride, (index + 1) * stride)`. A grayscale plane is repeated three times. Allocates nothing.
 *
 * @returns the output
 * @throws RangeError if the output has a different number of values
 */
export function normalize(
  { data, channels }: Pixels<PixelData>,
  { mean, std }: Pick<Preprocessing, 'mean' | 'std'>,
  output: Float32Array,
): Float32Array {
  if (output.length * channels !== data.length * 3)
    throw new RangeError(
      `normalize needs an output of ${(data.length / channels) * 3} values for this image, got ${output.length}.`,
    );
  const step = channels === 1 ? 0 : 1;
  const white = highestLevel(data);
  const [r, g, b] = [1 / (white * std[0]), 1 / (white * std[1]), 1 / (white * std[2])];
  const [r0, g0, b0] = [mean[0] / std[0], mean[1] / std[1], mean[2] / std[2]];
  for (let i = 0, j = 0; j < output.length; i += channels, j += 3) {
    output[j] = data[i] * r - r0;
    output[j + 1] = data[i + step] * g - g0;
    output[j + 2] = data[i + 2 * step] * b - b0;
  }
  return output;
}
