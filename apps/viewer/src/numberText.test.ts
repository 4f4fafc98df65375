import { expect, it } from 'vitest';
import { percentText, pointsText, thresholdPercent, valueText } from './numberText.js';

it('claims no certainty by rounding', () => {
  expect([0, 0.0004, 0.5, 0.83249, 0.9996, 1].map(percentText)).toEqual([
    '0.0 %',
    '< 0.1 %',
    '50.0 %',
    '83.2 %',
    '> 99.9 %',
    '100.0 %',
  ]);
});

it('tells thresholds from 0 and 1', () => {
  expect([0.5, 0.00012, 0.99999, 1e-9].map(thresholdPercent)).toEqual([
    '50.0 %',
    '0.01 %',
    '99.999 %',
    '1.00e-7 %',
  ]);
});

it('writes margins without a sign, and none as zero that is not', () => {
  expect([0.123, -0.05, 0.0004, 0].map(pointsText)).toEqual([
    '12.3 points',
    '5.0 points',
    '0.04 points',
    '0.0 points',
  ]);
});

it('writes pixel values as their range asks', () => {
  expect([valueText(1234.5, 4000), valueText(0.125, 1)]).toEqual(['1,235', '0.13']);
});
