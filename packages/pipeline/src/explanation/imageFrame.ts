import type { Pixels, PixelValues, Preprocessing, Sample } from '@nonlocal-med/core';
import {
  type Box,
  decodeImage,
  type FitGeometry,
  fitGeometry,
  toEightBits,
} from '@nonlocal-med/data';
import { resizeMap } from './heatMap.js';

type Fitting = Pick<Preprocessing, 'size' | 'fit' | 'values'>;
type ImageOfSample = Pick<Sample, 'id' | 'file' | 'frame' | 'pixels'>;
type Size = readonly [height: number, width: number];

/**
 * The decoded image of a sample, at its own size, with 8 bits.
 * @param values the scale of the values in its file, as in the preprocessing
 */
export async function loadOriginal(
  { id, file, frame, pixels }: ImageOfSample,
  values: PixelValues | undefined,
): Promise<Pixels> {
  const original =
    pixels ?? (file === undefined ? undefined : await decodeImage(file, { values, frame }));
  if (original === undefined) throw new Error(`Sample "${id}" has neither a file nor pixels.`);
  return { ...original, data: toEightBits(original.data) };
}

/**
 * A lesion mask in the frame of the network's input: cropped and with bars as `fit` does with its image, but not resized,
 * so that small lesions are kept.
 * @param mask of the size of the sample's image, or of another size with the same content
 */
export async function maskInInput(
  mask: Pixels,
  sample: ImageOfSample,
  preprocessing: Fitting,
): Promise<Pixels> {
  if ((preprocessing.fit ?? 'stretch') === 'stretch') return mask;
  const image = await loadOriginal(sample, preprocessing.values);
  const { source, target } = fitGeometry(image, preprocessing);
  const [across, down] = [mask.width / image.width, mask.height / image.height];
  const part: Box = {
    left: Math.round(source.left * across),
    top: Math.round(source.top * down),
    width: Math.max(1, Math.round(source.width * across)),
    height: Math.max(1, Math.round(source.height * down)),
  };
  const [height, width] = preprocessing.size;
  const frame: Box = {
    left: Math.round((target.left * part.width) / target.width),
    top: Math.round((target.top * part.height) / target.height),
    width: Math.round((width * part.width) / target.width),
    height: Math.round((height * part.height) / target.height),
  };
  return moveBox(mask, part, frame);
}

/** The part of a mask, placed in a larger frame of zeros. */
function moveBox(mask: Pixels, part: Box, frame: Box): Pixels {
  const data = new Uint8Array(frame.width * frame.height);
  const columns = Math.min(part.width, mask.width - part.left, frame.width - frame.left);
  const rows = Math.min(part.height, mask.height - part.top, frame.height - frame.top);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const from = ((part.top + y) * mask.width + part.left + x) * mask.channels;
      const inside = mask.data.subarray(from, from + mask.channels).some((value) => value > 0);
      data[(frame.top + y) * frame.width + frame.left + x] = Number(inside);
    }
  return { data, width: frame.width, height: frame.height, channels: 1 };
}

/**
 * A saliency map on the original image: moved from the network's input to where its pixels come from, and 0 where the
 * network saw nothing of the image.
 * @param map non-negative values, [size[0] * size[1]] of the preprocessing
 * @param image the decoded image
 * @param options the preprocessing's `size` and `fit`, and the size of the result: [height, width], the whole image
 * @returns values in [0, 1], [to[0] * to[1]]
 */
export function mapOnImage(
  map: Float32Array,
  image: Pixels,
  { to, ...preprocessing }: Fitting & { readonly to: Size },
): Float32Array {
  if ((preprocessing.fit ?? 'stretch') === 'stretch')
    return resizeMap(map, { from: preprocessing.size, to });
  const geometry = fitGeometry(image, preprocessing);
  const maximum = map.reduce((largest, value) => Math.max(largest, value), 0);
  const [height, width] = to;
  const result = new Float32Array(height * width);
  if (maximum === 0) return result;
  const columns = positions(width, image.width, { geometry, start: 'left', length: 'width' });
  const rows = positions(height, image.height, { geometry, start: 'top', length: 'height' });
  const stride = preprocessing.size[1];
  const valueAt = (x: Position, y: Position): number => {
    const [top, bottom] = [y.first * stride, y.second * stride];
    const upper = map[top + x.first] * (1 - x.weight) + map[top + x.second] * x.weight;
    const lower = map[bottom + x.first] * (1 - x.weight) + map[bottom + x.second] * x.weight;
    return (upper * (1 - y.weight) + lower * y.weight) / maximum;
  };
  rows.forEach((y, row) => {
    columns.forEach((x, column) => {
      if (x !== null && y !== null) result[row * width + column] = valueAt(x, y);
    });
  });
  return result;
}

/** Two neighboring pixels of the input, and the weight of the second. */
interface Position {
  readonly first: number;
  readonly second: number;
  readonly weight: number;
}

/** For each pixel of one axis of the result, where it is in the network's input; null if the network did not see it. */
function positions(
  count: number,
  imageLength: number,
  {
    geometry: { source, target },
    start,
    length,
  }: {
    readonly geometry: FitGeometry;
    readonly start: 'left' | 'top';
    readonly length: 'width' | 'height';
  },
): (Position | null)[] {
  return Array.from({ length: count }, (_, index) => {
    const inSource = (((index + 0.5) / count) * imageLength - source[start]) / source[length];
    if (inSource < 0 || inSource >= 1) return null;
    const last = target[length] - 1;
    const inTarget = Math.min(last, Math.max(0, inSource * target[length] - 0.5));
    const first = Math.floor(inTarget);
    return {
      first: target[start] + first,
      second: target[start] + Math.min(last, first + 1),
      weight: inTarget - first,
    };
  });
}
