import type { PixelData, Pixels } from '@nonlocal-med/core';
import { fieldOfView } from './fieldOfView.js';
import { gaussianBlur } from './gaussianBlur.js';
import { highestLevel, levelOf, zerosLike } from './levels.js';

/** The 8-bit level of a pixel as bright as its surroundings, and of everything outside the field of view. */
export const LOCAL_MEAN_LEVEL = 128;

/** A sum with 1.5 * 2^52 has no bits left for a fraction: rounds halves to even. */
const ROUND = 6755399441055744;

/** The mean is smooth: a grid with about this many cells along the shorter axis represents it well enough. */
const CELLS = 96;

/**
 * Subtracts each channel's local mean and amplifies the rest: `(value - mean) * gain + 128`, clipped to 0..255, 128
 * outside the field of view (32,896 and 65,535 for 16-bit pixels). This removes illumination and pigmentation, which is what lets a network learn small
 * lesions from scratch (Graham 2015 for fundus images; figures in docs/synthetic.md). The mean is Gaussian and taken
 * over the field of view only, so that its rim does not ring.
 *
 * Images whose shorter axis has up to 191 pixels are exact; larger ones are averaged in cells first, which changes the
 * result by at most a level or two.
 *
 * @param pixels [height, width, channels]
 * @param options `gain`; `spread`, the Gaussian's standard deviation as a fraction of the width (and of the height along
 *   columns); `mask`, the field of view, 1 inside, [height, width]
 * @returns pixels of the same shape and depth
 */
export function localMean<Data extends PixelData>(
  pixels: Pixels<Data>,
  {
    gain = 4,
    spread = 1 / 24,
    mask = fieldOfView(pixels),
  }: { readonly gain?: number; readonly spread?: number; readonly mask?: Uint8Array } = {},
): Pixels<Data> {
  const { data, height, width, channels } = pixels;
  const grid = meanGrid(pixels, { mask, spread });
  const middle = levelOf(LOCAL_MEAN_LEVEL, data);
  const highest = highestLevel(data);
  const output = zerosLike(data, data.length).fill(middle) as Data;
  const columns = cellWeights(width, grid.width, grid.cell);
  const rows = cellWeights(height, grid.height, grid.cell);
  grid.planes.forEach((plane, channel) => {
    for (let y = 0; y < height; y++) {
      const upper = rows.first[y] * grid.width;
      const lower = rows.second[y] * grid.width;
      const b = rows.weight[y];
      for (let x = 0; x < width; x++) {
        const pixel = y * width + x;
        if (mask[pixel] === 0) continue;
        const left = columns.first[x];
        const right = columns.second[x];
        const a = columns.weight[x];
        const above = plane[upper + left] + (plane[upper + right] - plane[upper + left]) * a;
        const below = plane[lower + left] + (plane[lower + right] - plane[lower + left]) * a;
        const value =
          (data[pixel * channels + channel] - (above + (below - above) * b)) * gain + middle;
        output[pixel * channels + channel] = Math.min(Math.max(value, 0), highest) + ROUND - ROUND;
      }
    }
  });
  return { ...pixels, data: output };
}

/** The local mean of each channel on a coarse grid. */
interface Grid {
  readonly width: number;
  readonly height: number;
  /** Side length of a cell in pixels. */
  readonly cell: number;
  /** One plane per channel, [height, width]. */
  readonly planes: readonly Float32Array[];
}

/** Blurred sums over the mask divided by the blurred mask. */
function meanGrid(
  { data, height, width, channels }: Pixels<PixelData>,
  { mask, spread }: { readonly mask: Uint8Array; readonly spread: number },
): Grid {
  const cell = Math.max(1, Math.floor(Math.min(width, height) / CELLS));
  const shape = { width: Math.ceil(width / cell), height: Math.ceil(height / cell) };
  const planes = Array.from(
    { length: channels },
    () => new Float32Array(shape.width * shape.height),
  );
  const weight = new Float32Array(shape.width * shape.height);
  for (let y = 0, pixel = 0; y < height; y++) {
    const row = Math.floor(y / cell) * shape.width;
    for (let x = 0; x < width; x++, pixel++) {
      if (mask[pixel] === 0) continue;
      const index = row + Math.floor(x / cell);
      weight[index]++;
      for (let channel = 0; channel < channels; channel++)
        planes[channel][index] += data[pixel * channels + channel];
    }
  }
  const blur = { ...shape, sigmaX: (spread * width) / cell, sigmaY: (spread * height) / cell };
  gaussianBlur(weight, blur);
  for (const plane of planes) {
    gaussianBlur(plane, blur);
    for (let i = 0; i < plane.length; i++) plane[i] = weight[i] > 1e-6 ? plane[i] / weight[i] : 0;
  }
  return { ...shape, cell, planes };
}

/** The two cells whose centers surround each pixel along one axis, and the weight of the second one. */
function cellWeights(
  length: number,
  cells: number,
  cell: number,
): { first: Int32Array; second: Int32Array; weight: Float64Array } {
  const first = new Int32Array(length);
  const second = new Int32Array(length);
  const weight = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const position = Math.min(Math.max((i + 0.5) / cell - 0.5, 0), cells - 1);
    first[i] = Math.floor(position);
    second[i] = Math.min(first[i] + 1, cells - 1);
    weight[i] = position - first[i];
  }
  return { first, second, weight };
}
