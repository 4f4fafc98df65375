import { describe, expect, it } from 'vitest';
import {
  formatDifference,
  formatEstimate,
  formatMean,
  formatPointDifference,
  formatPStatement,
  formatPValue,
} from './numberText.js';

describe('formatEstimate', () => {
  const estimate = (value: number, lower: number, upper: number): string =>
    formatEstimate({ value, interval: { lower, upper, method: 'wilson' } });

  it('shows the ends of a narrow interval with a third decimal', () => {
    expect(estimate(0.9123, 0.88, 0.94)).toBe('0.912 (0.88 to 0.94)');
    expect(estimate(0.999, 0.9964, 1)).toBe('0.999 (0.996 to 1.000)');
    expect(formatEstimate({ value: 1, noIntervalBecause: 'no error' })).toBe('1.000');
  });
});

describe('formatPValue', () => {
  it.each([
    [0.0312, '0.031', 'p = 0.031'],
    [0.0009, '< 0.001', 'p < 0.001'],
    [1, '1.000', 'p = 1.000'],
  ])('formats %d as %s, in sentences as %s', (pValue, text, statement) => {
    expect(formatPValue(pValue)).toBe(text);
    expect(formatPStatement(pValue)).toBe(statement);
  });

  it('returns a dash if there is no p value', () => {
    expect(formatPValue(null)).toBe('-');
  });
});

describe('formatDifference', () => {
  it('shows the interval if there is one', () => {
    const difference = { difference: 0.021, lower: -0.004, upper: 0.046 };
    expect(formatDifference(difference)).toBe('+0.021 (-0.004 to +0.046)');
    expect(formatDifference({ ...difference, lower: null })).toBe('+0.021');
    expect(formatDifference(difference, { scale: 100, digits: 1 })).toBe('+2.1 (-0.4 to +4.6)');
  });

  it('returns a dash for an undefined difference', () => {
    expect(formatDifference({ difference: null, lower: null, upper: null })).toBe('-');
  });
});

describe('formatPointDifference', () => {
  it.each([
    [0.0123, '+1.23'],
    [-0.0123, '−1.23'],
    [0.00001, '0.00'],
    [null, '–'],
  ])('formats %s as %s', (difference, text) => {
    expect(formatPointDifference(difference)).toBe(text);
  });
});

describe('formatMean', () => {
  it('shows the standard deviation of several values and ignores undefined ones', () => {
    expect(formatMean([0.5, null, 0.7])).toBe('0.600 ± 0.141');
    expect(formatMean([0.5, null])).toBe('0.500');
    expect(formatMean([null])).toBe('-');
  });
});
