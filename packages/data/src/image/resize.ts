import type { PixelData, Pixels } from '@nonlocal-med/core';
import { zerosLike } from './levels.js';

type Size = readonly [height: number, width: number];

/**
 * Resizes to [height, width]; the aspect ratio is not preserved. An axis that shrinks takes the mean over the area each
 * new pixel covers, so that lesions of a few pixels fade instead of vanishing between samples; an axis that grows is
 * interpolated linearly. Equals OpenCV's INTER_AREA where both axes shrink (except for one pixel in a thousand, which
 * differs by one level), and is within one level of its INTER_LINEAR where both grow.
 *
 * @returns [height, width, channels]; the pixels themselves if they already have this size
 * @throws RangeError if the height or width is not a positive integer
 */
export function resizeArea<Data extends PixelData>(pixels: Pixels<Data>, size: Size): Pixels<Data> {
  const [height, width] = checkSize(size);
  if (height === pixels.height && width === pixels.width) return pixels;
  const weights = (from: number, to: number): ResizeWeights =>
    to <= from ? areaWeights(from, to) : bilinearWeights(from, to);
  // OpenCV halves images in integer arithmetic, rounding halves up.
  const halving = pixels.height === 2 * height && pixels.width === 2 * width;
  const [down, across] = [pixels.height / height, pixels.width / width];
  // Means over blocks of a power of two are exact in integers, and equal what resampling gives.
  if (isPowerOfTwo(down) && isPowerOfTwo(across) && down * across <= LARGEST_BLOCK)
    return blockMeans(pixels, { down, across, halves: halving ? 'up' : 'even' });
  return resample(pixels, {
    rows: weights(pixels.height, height),
    columns: weights(pixels.width, width),
    halves: halving ? 'up' : 'even',
  });
}

/**
 * Resizes to [height, width] by linear interpolation between the nearest pixels, without smoothing when shrinking:
 * OpenCV's INTER_LINEAR, within one level. Prefer {@link resizeArea} for shrinking.
 *
 * @returns [height, width, channels]
 * @throws RangeError if the height or width is not a positive integer
 */
export function resizeBilinear<Data extends PixelData>(
  pixels: Pixels<Data>,
  size: Size,
): Pixels<Data> {
  const [height, width] = checkSize(size);
  return resample(pixels, {
    rows: bilinearWeights(pixels.height, height),
    columns: bilinearWeights(pixels.width, width),
    halves: 'even',
  });
}

function checkSize(size: Size): Size {
  if (!size.every((length) => Number.isInteger(length) && length >= 1))
    throw new RangeError(
      `A size needs an integer height and width of at least 1, got ${size.join(' x ')}.`,
    );
  return size;
}

/** The inputs that make up each output along one axis: output i sums `weights[first[i]..first[i + 1])` times inputs from `start[i]`. */
interface ResizeWeights {
  readonly length: number;
  /** First input of each output, [length]. */
  readonly start: Int32Array;
  /** Where each output's weights begin, [length + 1]. */
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

/** Mean over the inputs that each output covers, the outer ones weighted by their covered fraction (INTER_AREA, shrinking). */
function areaWeights(from: number, to: number): ResizeWeights {
  const scale = from / to;
  return collectWeights(to, (i) => {
    const begin = i * scale;
    const end = Math.min(begin + scale, from);
    const inner = Math.min(Math.ceil(begin), from);
    const outer = Math.max(Math.min(Math.floor(end), from), inner);
    const weights: number[] = [];
    // Fractions below a thousandth are rounding errors, as in OpenCV.
    const before = inner - begin > 1e-3;
    if (before) weights.push((inner - begin) / (end - begin));
    for (let j = inner; j < outer; j++) weights.push(1 / (end - begin));
    if (end - outer > 1e-3) weights.push((end - outer) / (end - begin));
    return { start: before ? inner - 1 : inner, weights };
  });
}

/** The two nearest inputs, with half-pixel centers; the edge pixel is repeated (INTER_LINEAR). */
function bilinearWeights(from: number, to: number): ResizeWeights {
  return collectWeights(to, (i) => {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const start = Math.floor(position);
    return {
      start,
      weights: position === start ? [1] : [1 - (position - start), position - start],
    };
  });
}

function collectWeights(
  length: number,
  weightsOf: (output: number) => { start: number; weights: number[] },
): ResizeWeights {
  const start = new Int32Array(length);
  const first = new Int32Array(length + 1);
  const all: number[] = [];
  for (let i = 0; i < length; i++) {
    const output = weightsOf(i);
    start[i] = output.start;
    all.push(...output.weights);
    first[i + 1] = all.length;
  }
  return { length, start, first, weights: Float64Array.from(all) };
}

interface Resampling {
  readonly rows: ResizeWeights;
  readonly columns: ResizeWeights;
  /** Whether exact halves are rounded to the even level or up. */
  readonly halves: 'even' | 'up';
}

/**
 * Weighted sums along rows, then along columns, rounded once. Plain float64 arithmetic: the same result on every machine.
 */
function resample<Data extends PixelData>(
  { data, width, channels }: Pixels<Data>,
  { rows, columns, halves }: Resampling,
): Pixels<Data> {
  const stride = columns.length * channels;
  const output = zerosLike(data, rows.length * stride);
  const sum = new Float64Array(stride);
  // The last two source rows already summed along: neighboring outputs share one or two.
  const lines = [new Float64Array(stride), new Float64Array(stride)];
  const rowOfLine = [-1, -1];
  const sumAlong = channels === 3 ? sumThreeChannels : sumOneChannel;
  for (let y = 0; y < rows.length; y++) {
    sum.fill(0);
    for (let k = rows.first[y], row = rows.start[y]; k < rows.first[y + 1]; k++, row++) {
      const slot = row & 1;
      if (rowOfLine[slot] !== row)
        sumAlong(
          data.subarray(row * width * channels, (row + 1) * width * channels),
          columns,
          lines[slot],
        );
      rowOfLine[slot] = row;
      addWeighted(sum, lines[slot], rows.weights[k]);
    }
    const offset = y * stride;
    for (let i = 0; i < stride; i++) output[offset + i] = roundLevel(sum[i], halves);
  }
  return { data: output, height: rows.length, width: columns.length, channels };
}

/** Pixels in a block whose sum of 16-bit levels fits 31 bits. */
const LARGEST_BLOCK = 2 ** 15;

const isPowerOfTwo = (factor: number): boolean =>
  factor >= 1 && Number.isInteger(Math.log2(factor));

/** Means over blocks of `down` x `across` pixels, rounded once. */
function blockMeans<Data extends PixelData>(
  { data, height, width, channels }: Pixels<Data>,
  { down, across, halves }: { down: number; across: number; halves: Resampling['halves'] },
): Pixels<Data> {
  const size = { height: height / down, width: width / across };
  const output = zerosLike(data, size.height * size.width * channels);
  const sums = new Int32Array(size.width * channels);
  const share = 1 / (down * across);
  for (let y = 0, i = 0, offset = 0; y < size.height; y++, offset += sums.length) {
    sums.fill(0);
    for (let row = 0; row < down; row++)
      for (let at = 0; at < sums.length; at += channels) {
        let [red, green, blue] = [0, 0, 0];
        if (channels === 1) for (let k = 0; k < across; k++) red += data[i++];
        else
          for (let k = 0; k < across; k++, i += 3) {
            red += data[i];
            green += data[i + 1];
            blue += data[i + 2];
          }
        sums[at] += red;
        if (channels === 1) continue;
        sums[at + 1] += green;
        sums[at + 2] += blue;
      }
    for (let at = 0; at < sums.length; at++)
      output[offset + at] = roundLevel(sums[at] * share, halves);
  }
  return { data: output, ...size, channels };
}

/** The value that an integer array truncates to the rounded level. */
function roundLevel(value: number, halves: Resampling['halves']): number {
  // A sum with 1.5 * 2^52 has no bits left for a fraction: rounds halves to even.
  return halves === 'up' ? value + 0.5 : value + 6755399441055744 - 6755399441055744;
}

function addWeighted(sum: Float64Array, line: Float64Array, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += line[i] * weight;
}

function sumOneChannel(
  row: PixelData,
  { length, start, first, weights }: ResizeWeights,
  line: Float64Array,
): void {
  for (let x = 0; x < length; x++) {
    let sum = 0;
    for (let k = first[x], i = start[x]; k < first[x + 1]; k++, i++) sum += row[i] * weights[k];
    line[x] = sum;
  }
}

function sumThreeChannels(
  row: PixelData,
  { length, start, first, weights }: ResizeWeights,
  line: Float64Array,
): void {
  for (let x = 0, offset = 0; x < length; x++, offset += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let k = first[x], i = 3 * start[x]; k < first[x + 1]; k++, i += 3) {
      const weight = weights[k];
      red += row[i] * weight;
      green += row[i + 1] * weight;
      blue += row[i + 2] * weight;
    }
    line[offset] = red;
    line[offset + 1] = green;
    line[offset + 2] = blue;
  }
}
