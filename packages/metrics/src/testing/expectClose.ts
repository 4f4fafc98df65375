import { expect } from 'vitest';

/** Expects equal nulls, or numbers within a relative difference (absolute below 1). */
export function expectClose(
  actual: number | null,
  expected: number | null,
  tolerance = 1e-12,
): void {
  if (actual === null || expected === null) expect(actual).toBe(expected);
  else
    expect(Math.abs(actual - expected), `${actual} instead of ${expected}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected)),
    );
}
