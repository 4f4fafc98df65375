import { describe, expect, it } from 'vitest';
import { meanInterval } from './summarizeExplanations.js';

describe('meanInterval', () => {
  it('returns the mean and an interval around it', () => {
    const { mean, lower, upper, count } = meanInterval([0, 1, 1, 0, 1, 0, 1, 1, 1, 0])!;
    expect([mean, count]).toEqual([0.6, 10]);
    expect(lower!).toBeLessThan(0.6);
    expect(upper!).toBeGreaterThan(0.6);
  });

  it('returns no interval if all values are equal, and null without values', () => {
    expect(meanInterval([0, 0, 0])).toEqual({ mean: 0, lower: null, upper: null, count: 3 });
    expect(meanInterval([0.3])).toEqual({ mean: 0.3, lower: null, upper: null, count: 1 });
    expect(meanInterval([])).toBeNull();
  });
});
