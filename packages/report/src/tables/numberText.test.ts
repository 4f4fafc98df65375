import { describe, expect, it } from 'vitest';
import {
  formatDifference,
  formatMean,
  formatPointDifference,
  formatPStatement,
  formatPValue,
} from './numberText.js';

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
