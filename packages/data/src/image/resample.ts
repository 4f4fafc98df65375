import type { Pixels } from '@nonlocal-med/core';
import type { AxisTaps } from './axisTaps.js';

/** Weighted sums of rows, then of columns, rounded to 8 bits once. Plain float64 arithmetic: the same on every machine. */
export function resample({ data, width, channels }: Pixels, rows: AxisTaps, columns: AxisTaps): Pixels {
  const output = new Uint8Array(rows.length * columns.length * channels);
  const line = new Float64Array(width * channels);
  for (let y = 0; y < rows.length; y++) {
    line.fill(0);
    for (let tap = rows.first[y], row = rows.start[y]; tap < rows.first[y + 1]; tap++, row++) addRow(line, data, row * line.length, rows.weights[tap]);
    const target = y * columns.length * channels;
    if (channels === 3) columnsOfThree(line, columns, output, target);
    else columnsOfOne(line, columns, output, target);
  }
  return { data: output, height: rows.length, width: columns.length, channels };
}

function addRow(line: Float64Array, data: Uint8Array, offset: number, weight: number): void {
  for (let i = 0; i < line.length; i++) line[i] += data[offset + i] * weight;
}

function columnsOfOne(line: Float64Array, { length, start, first, weights }: AxisTaps, output: Uint8Array, target: number): void {
  for (let x = 0; x < length; x++) {
    let sum = 0.5;
    for (let tap = first[x], i = start[x]; tap < first[x + 1]; tap++, i++) sum += line[i] * weights[tap];
    output[target + x] = sum;
  }
}

function columnsOfThree(line: Float64Array, { length, start, first, weights }: AxisTaps, output: Uint8Array, target: number): void {
  for (let x = 0, at = target; x < length; x++, at += 3) {
    let red = 0.5;
    let green = 0.5;
    let blue = 0.5;
    for (let tap = first[x], i = 3 * start[x]; tap < first[x + 1]; tap++, i += 3) {
      const weight = weights[tap];
      red += line[i] * weight;
      green += line[i + 1] * weight;
      blue += line[i + 2] * weight;
    }
    output[at] = red;
    output[at + 1] = green;
    output[at + 2] = blue;
  }
}
