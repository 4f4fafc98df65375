import type { Pixels } from '@nonlocal-med/core';
import { gaussianBlur } from '../image/gaussianBlur.js';

const THRESHOLDS = [10, 14, 18, 24, 30];

/**
 * A simple detector: the amount by which green is below its 9 x 9 median; connected pixels beyond each threshold are
 * counted as dots (2 to 20 pixels, at most 6 wide and high) or as something else.
 */
export function countBlobs({ data, width, height }: Pixels): number[] {
  const green = gaussianBlur(
    Float32Array.from({ length: width * height }, (_, i) => data[3 * i + 1]),
    { width, height, sigmaX: 0.6 },
  ).map(Math.round);
  const darkness = median9(green, width, height).map((value, i) => value - green[i]);
  return THRESHOLDS.flatMap((threshold) => {
    const sizes = components(
      darkness.map((value) => (value > threshold ? 1 : 0)),
      width,
      height,
    );
    const dots = sizes.filter(
      ({ area, spanX, spanY }) => area >= 2 && area <= 20 && spanX <= 6 && spanY <= 6,
    ).length;
    return [dots, sizes.length - dots];
  });
}

/** Median of the 9 x 9 neighborhood, edges repeated, by a sliding histogram. */
function median9(values: Float32Array, width: number, height: number): Float32Array {
  const result = new Float32Array(values.length);
  const at = (x: number, y: number): number =>
    values[Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)];
  for (let y = 0; y < height; y++) {
    const counts = new Int32Array(256);
    const column = (x: number, change: number): void => {
      for (let dy = -4; dy <= 4; dy++) counts[at(x, y + dy)] += change;
    };
    for (let x = -4; x < 4; x++) column(x, 1);
    for (let x = 0; x < width; x++) {
      column(x + 4, 1);
      let level = 0;
      for (let below = counts[0]; below < 41; below += counts[level]) level++;
      result[y * width + x] = level;
      column(x - 4, -1);
    }
  }
  return result;
}

function components(
  marks: Float32Array,
  width: number,
  height: number,
): { area: number; spanX: number; spanY: number }[] {
  const found: { area: number; spanX: number; spanY: number }[] = [];
  for (let start = 0; start < marks.length; start++) {
    if (marks[start] === 0) continue;
    const xs: number[] = [];
    const ys: number[] = [];
    const stack = [start];
    marks[start] = 0;
    while (stack.length > 0) {
      const pixel = stack.pop()!;
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      xs.push(x);
      ys.push(y);
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          if (marks[v * width + u] === 0) continue;
          marks[v * width + u] = 0;
          stack.push(v * width + u);
        }
      }
    }
    found.push({
      area: xs.length,
      spanX: Math.max(...xs) - Math.min(...xs) + 1,
      spanY: Math.max(...ys) - Math.min(...ys) + 1,
    });
  }
  return found;
}
