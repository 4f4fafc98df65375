import type { PixelData, Pixels, Preprocessing } from '@nonlocal-med/core';
import { type FitGeometry, fitGeometry } from './fitGeometry.js';
import { resizeArea, resizeBilinear } from './resize.js';

type Size = readonly [height: number, width: number];

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
  image: Pixels<PixelData>,
  { to, ...preprocessing }: Pick<Preprocessing, 'size' | 'fit'> & { readonly to: Size },
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

/**
 * A saliency map as a grayscale image, 255 at its maximum.
 * @param map non-negative values, [height * width]
 * @param size.longest the image is shrunk to at most this many pixels on its longer edge
 */
export function heatMap(
  map: Float32Array,
  { height, width, longest = 64 }: { height: number; width: number; longest?: number },
): Pixels {
  const shrink = Math.min(1, longest / Math.max(height, width));
  const size = [
    Math.max(1, Math.round(height * shrink)),
    Math.max(1, Math.round(width * shrink)),
  ] as const;
  const small = resizeArea(toGrayscale(map, height, width), size);
  return toGrayscale(Float32Array.from(small.data), ...size);
}

/**
 * Resizes a saliency map for an overlay.
 * @param map non-negative values, [from height * from width]
 * @returns values in [0, 1], [to height * to width]
 */
export function resizeMap(
  map: Float32Array,
  { from: [height, width], to }: { from: readonly [number, number]; to: readonly [number, number] },
): Float32Array {
  const grayscale = heatMap(map, { height, width, longest: Infinity });
  return Float32Array.from(resizeBilinear(grayscale, to).data, (value) => value / 255);
}

function toGrayscale(values: Float32Array, height: number, width: number): Pixels {
  const maximum = values.reduce((largest, value) => Math.max(largest, value), 0);
  const data = Uint8Array.from(values, (value) =>
    maximum > 0 ? Math.round((255 * Math.max(0, value)) / maximum) : 0,
  );
  return { data, height, width, channels: 1 };
}
