import type * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Largest difference relative to the largest expected value. */
export function expectClose(
  actual: tf.Tensor | ArrayLike<number>,
  expected: tf.Tensor | ArrayLike<number>,
  tolerance = 1e-5,
): void {
  const [a, b] = [valuesOf(actual), valuesOf(expected)];
  expect(a.length).toBe(b.length);
  const size = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  const worst = a.reduce(
    (most, value, i) =>
      Math.max(most, Number.isNaN(value - b[i]) ? Infinity : Math.abs(value - b[i])),
    0,
  );
  expect(worst / size).toBeLessThanOrEqual(tolerance);
}

function valuesOf(values: tf.Tensor | ArrayLike<number>): number[] {
  return Array.from('dataSync' in values ? values.dataSync() : values);
}
