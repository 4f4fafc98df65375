import type { PixelData, Pixels } from '@nonlocal-med/core';

/** Levels of the outermost pixels of an image, 0 to 255, averaged over the channels; 16-bit levels are divided by 257. */
export interface BorderStatistics {
  readonly mean: number;
  readonly standardDeviation: number;
  /** Fraction of black pixels (at most {@link BLACK}), 0 to 1. */
  readonly black: number;
}

/** Width of the border as a fraction of the image's side; at least one pixel. */
const WIDTH = 0.02;
/** Largest level that counts as black: JPEG leaves some noise in a black margin. */
const BLACK = 8;

/** Statistics of a frame of 2 % of each side: margins, masks and letterboxes show in it. Only these pixels are read. */
export function borderStatistics({
  data,
  height,
  width,
  channels,
}: Pixels<PixelData>): BorderStatistics {
  const unit = data instanceof Uint16Array ? 257 : 1;
  const rows = Math.max(1, Math.round(WIDTH * height));
  const columns = Math.max(1, Math.round(WIDTH * width));
  let [count, sum, squares, black] = [0, 0, 0, 0];
  const add = (y: number, from: number, to: number): void => {
    for (let i = (y * width + from) * channels; i < (y * width + to) * channels; i += channels) {
      const total = channels === 1 ? data[i] : data[i] + data[i + 1] + data[i + 2];
      const level = total / (channels * unit);
      count++;
      sum += level;
      squares += level * level;
      if (level <= BLACK) black++;
    }
  };
  for (let y = 0; y < height; y++) {
    if (y < rows || y >= height - rows || 2 * columns >= width) add(y, 0, width);
    else {
      add(y, 0, columns);
      add(y, width - columns, width);
    }
  }
  const mean = sum / count;
  return {
    mean: round(mean),
    standardDeviation: round(Math.sqrt(Math.max(0, squares / count - mean * mean))),
    black: round(black / count),
  };
}

/** Three decimals: a cache with all images stays small. */
const round = (value: number): number => Math.round(1000 * value) / 1000;
