import { describe, expect, it } from 'vitest';
import { formatDuration, formatNumber } from './format.js';

describe('formatting', () => {
  it.each([
    [0.44, '0.4 s'],
    [9.96, '10 s'],
    [59.6, '1 min 00 s'],
    [125, '2 min 05 s'],
    [7620, '2 h 07 min'],
    [Infinity, '-'],
    [-1, '-'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('writes undefined numbers as a dash', () => {
    expect([
      formatNumber(0.12345),
      formatNumber(null),
      formatNumber(NaN),
      formatNumber(2, 1),
    ]).toEqual(['0.1235', '-', '-', '2.0']);
  });
});
