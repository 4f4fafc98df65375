import { expect } from 'vitest';

/**
 * Asserts that values equal the expected ones to within a tolerance.
 * @param tolerance relative to the largest expected value
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs));
  const errors = Array.from(actual, (value, i) => Math.abs(value - expected[i]) / scale);
  // A NaN counts as the largest error.
  expect(errors.reduce((a, b) => (b <= a ? a : b), 0)).toBeLessThan(tolerance);
}
