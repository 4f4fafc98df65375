import type { PixelData, Pixels, Preprocessing } from '@nonlocal-med/core';
import { normalize, preprocess } from './preprocess.js';

/** Longer side of the view of an image from which its statistics are computed, in pixels. */
const SIDE = 64;
/** Cells of the view in each direction, of which the layout gives the brightness. */
export const LAYOUT_CELLS = 4;
/** Width of the border as a fraction of the side. */
const BORDER = 1 / 16;
/** Keeps logarithms and ratios of black and uniform images finite: 1 % of white. */
const FLOOR = 0.01;

/** The statistics of the appearance of an image, in the order of {@link ViewStatistics}. All are fractions of white or their logarithms. */
export const appearanceNames = [
  'brightness',
  'contrast',
  'dark areas',
  'midtones',
  'bright areas',
  'color',
  'red against blue',
  'green against red and blue',
  'fine detail',
  'edges',
  'direction of edges',
  'border',
] as const;

/** Simple statistics of an image, from which an unusual one is recognized. */
export interface ViewStatistics {
  /**
   * Mean brightness; log of its standard deviation; its 5 %, 50 % and 95 % quantile; log of the mean difference between
   * the largest and the smallest channel; red minus blue, and green minus their mean, relative to the brightness; log of
   * the mean absolute Laplacian, and of the mean absolute difference of neighbors, relative to the standard deviation;
   * log of the ratio of horizontal and vertical differences; mean brightness of the border.
   */
  readonly appearance: readonly number[];
  /** Brightness of 4 x 4 cells, row by row, relative to the mean brightness and its standard deviation. */
  readonly layout: readonly number[];
}

/**
 * How an image is prepared for its statistics: the field of view of the network, at most 64 x 64, in color and with its
 * own contrast. The values are fractions of white.
 */
export function statisticsPreprocessing(preprocessing: Preprocessing): Preprocessing {
  const [height, width] = preprocessing.size;
  const scale = SIDE / Math.max(height, width);
  const side = (length: number): number => Math.max(2 * LAYOUT_CELLS, Math.round(length * scale));
  return {
    ...preprocessing,
    size: [side(height), side(width)],
    color: 'rgb',
    contrast: 'none',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
}

/**
 * Statistics of a decoded image.
 * @param preprocessing of the model, whose field of view counts
 */
export function pixelStatistics(
  pixels: Pixels<PixelData>,
  preprocessing: Preprocessing,
): ViewStatistics {
  const view = statisticsPreprocessing(preprocessing);
  const [height, width] = view.size;
  // One channel gives the same as three equal ones, in a third of the time.
  const prepared = preprocess(pixels, { ...view, color: pixels.channels === 1 ? 'grey' : 'rgb' });
  return viewStatistics(normalize(prepared, view, new Float32Array(height * width * 3)), view.size);
}

/**
 * Statistics of an image that was prepared with {@link statisticsPreprocessing}. They take well below a millisecond.
 * @param values fractions of white, [height, width, 3]
 */
export function viewStatistics(
  values: Float32Array,
  [height, width]: readonly [number, number],
): ViewStatistics {
  const gray = new Float64Array(height * width);
  const mean = [0, 0, 0];
  let chroma = 0;
  for (let i = 0; i < gray.length; i++) {
    const [r, g, b] = [values[3 * i], values[3 * i + 1], values[3 * i + 2]];
    gray[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    mean[0] += r / gray.length;
    mean[1] += g / gray.length;
    mean[2] += b / gray.length;
    chroma += (Math.max(r, g, b) - Math.min(r, g, b)) / gray.length;
  }
  const brightness = average(gray);
  const contrast = Math.sqrt(average(gray.map((value) => (value - brightness) ** 2)));
  const sorted = gray.toSorted();
  const { horizontal, vertical, laplacian } = differences(gray, [height, width]);
  const tint = brightness + 5 * FLOOR;
  const logarithm = (value: number): number => Math.log(value + FLOOR);
  const detail = (value: number): number => Math.log(value + FLOOR / 4);
  return {
    appearance: [
      brightness,
      logarithm(contrast),
      quantile(sorted, 0.05),
      quantile(sorted, 0.5),
      quantile(sorted, 0.95),
      logarithm(chroma),
      (mean[0] - mean[2]) / tint,
      (mean[1] - (mean[0] + mean[2]) / 2) / tint,
      detail(laplacian) - logarithm(contrast),
      detail((horizontal + vertical) / 2) - logarithm(contrast),
      detail(horizontal) - detail(vertical),
      borderBrightness(gray, [height, width]),
    ],
    layout: cellBrightness(gray, [height, width]).map(
      (cell) => (cell - brightness) / (contrast + FLOOR),
    ),
  };
}

/** What a value of a statistic of the appearance means: a fraction of white, or a ratio. */
export function fractionOf(name: (typeof appearanceNames)[number], value: number): number {
  if (name === 'contrast' || name === 'color') return Math.max(0, Math.exp(value) - FLOOR);
  const isRatio = name === 'fine detail' || name === 'edges' || name === 'direction of edges';
  return isRatio ? Math.exp(value) : value;
}

/** The value at a fraction of sorted numbers, interpolated linearly. */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  const at = (sorted.length - 1) * fraction;
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

const average = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean absolute differences of neighbors, and mean absolute Laplacian (4 neighbors) of the inner pixels. */
function differences(
  gray: Float64Array,
  [height, width]: readonly [number, number],
): { readonly horizontal: number; readonly vertical: number; readonly laplacian: number } {
  let [horizontal, vertical, laplacian] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width) horizontal += Math.abs(gray[i + 1] - gray[i]);
      if (y + 1 < height) vertical += Math.abs(gray[i + width] - gray[i]);
      if (x > 0 && y > 0 && x + 1 < width && y + 1 < height)
        laplacian += Math.abs(
          4 * gray[i] - gray[i - 1] - gray[i + 1] - gray[i - width] - gray[i + width],
        );
    }
  return {
    horizontal: horizontal / (height * (width - 1)),
    vertical: vertical / ((height - 1) * width),
    laplacian: laplacian / ((height - 2) * (width - 2)),
  };
}

function borderBrightness(gray: Float64Array, [height, width]: readonly [number, number]): number {
  const rows = Math.max(1, Math.round(BORDER * height));
  const columns = Math.max(1, Math.round(BORDER * width));
  const border = gray.filter((_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return y < rows || y >= height - rows || x < columns || x >= width - columns;
  });
  return average(border);
}

/** Mean brightness of each cell, row by row. */
function cellBrightness(gray: Float64Array, [height, width]: readonly [number, number]): number[] {
  const edge = (index: number, length: number): number =>
    Math.round((index * length) / LAYOUT_CELLS);
  return Array.from({ length: LAYOUT_CELLS ** 2 }, (_, cell) => {
    const [row, column] = [Math.floor(cell / LAYOUT_CELLS), cell % LAYOUT_CELLS];
    let [sum, count] = [0, 0];
    for (let y = edge(row, height); y < edge(row + 1, height); y++)
      for (let x = edge(column, width); x < edge(column + 1, width); x++, count++)
        sum += gray[y * width + x];
    return sum / count;
  });
}
