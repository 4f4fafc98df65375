import type { Pixels } from '@nonlocal-med/core';
import type { AxisTaps } from './axisTaps.js';

/**
 * Weighted sums along rows, then along columns, rounded once: exact halves to the even level, or all up. Plain float64
 * arithmetic: the same on every machine.
 */
export function resample(
  { data, width, channels }: Pixels,
  rows: AxisTaps,
  columns: AxisTaps,
  { halves = 'even' }: { readonly halves?: 'even' | 'up' } = {},
): Pixels {
  const stride = columns.length * channels;
  const output = new Uint8Array(rows.length * stride);
  const sum = new Float64Array(stride);
  // Source rows already summed along; neighbouring outputs share one or two.
  const lines = [new Float64Array(stride), new Float64Array(stride)];
  const held = [-1, -1];
  const sumAlong = channels === 3 ? sumThree : sumOne;
  for (let y = 0; y < rows.length; y++) {
    sum.fill(0);
    for (let tap = rows.first[y], row = rows.start[y]; tap < rows.first[y + 1]; tap++, row++) {
      const slot = row & 1;
      if (held[slot] !== row)
        sumAlong(
          data.subarray(row * width * channels, (row + 1) * width * channels),
          columns,
          lines[slot],
        );
      held[slot] = row;
      addWeighted(sum, lines[slot], rows.weights[tap]);
    }
    if (halves === 'up')
      for (let i = 0, at = y * stride; i < stride; i++) output[at + i] = sum[i] + 0.5;
    // 1.5 * 2^52 leaves no bits for a fraction
    else
      for (let i = 0, at = y * stride; i < stride; i++)
        output[at + i] = sum[i] + 6755399441055744 - 6755399441055744;
  }
  return { data: output, height: rows.length, width: columns.length, channels };
}

function addWeighted(sum: Float64Array, line: Float64Array, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += line[i] * weight;
}

function sumOne(
  row: Uint8Array,
  { length, start, first, weights }: AxisTaps,
  line: Float64Array,
): void {
  for (let x = 0; x < length; x++) {
    let sum = 0;
    for (let tap = first[x], i = start[x]; tap < first[x + 1]; tap++, i++)
      sum += row[i] * weights[tap];
    line[x] = sum;
  }
}

function sumThree(
  row: Uint8Array,
  { length, start, first, weights }: AxisTaps,
  line: Float64Array,
): void {
  for (let x = 0, at = 0; x < length; x++, at += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let tap = first[x], i = 3 * start[x]; tap < first[x + 1]; tap++, i += 3) {
      const weight = weights[tap];
      red += row[i] * weight;
      green += row[i + 1] * weight;
      blue += row[i + 2] * weight;
    }
    line[at] = red;
    line[at + 1] = green;
    line[at + 2] = blue;
  }
}
