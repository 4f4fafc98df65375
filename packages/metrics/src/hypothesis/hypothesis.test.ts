import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { mcnemarTest } from './mcnemarTest.js';
import { meanAndStandardDeviation } from './meanAndStandardDeviation.js';
import { benjaminiHochberg, holm } from './multipleComparisons.js';
import { correctedResampledTest, pairedTTest } from './pairedTTest.js';
import { clopperPearsonInterval, wilsonInterval } from './proportionInterval.js';

const { mcnemar, tTests, proportions, corrections } = golden();

it('mcnemarTest says that it takes predictions, not counts', () => {
  const call = mcnemarTest as (...values: unknown[]) => unknown;
  expect(() => call(10, 3)).toThrow(
    'mcnemarTest(labels, predictedA, predictedB): expected an array of numbers as labels, got 10.',
  );
});

describe('mcnemarTest', () => {
  it.each(mcnemar)(
    'equals statsmodels (exact) and Fagerland et al. (mid-p) for $onlyA against $onlyB',
    ({ onlyA, onlyB, exact, mid }) => {
      // All of class 0: samples that only A predicts correctly, then those of B, then three that both do.
      const rightA = [...Array<number>(onlyA).fill(0), ...Array<number>(onlyB).fill(1), 0, 0, 0];
      const rightB = [...Array<number>(onlyA).fill(1), ...Array<number>(onlyB).fill(0), 0, 0, 0];
      const result = mcnemarTest(
        rightA.map(() => 0),
        rightA,
        rightB,
      );
      expect(result).toMatchObject({
        onlyA,
        onlyB,
        difference: (onlyA - onlyB) / (onlyA + onlyB + 3),
      });
      expectClose(result.exactPValue, exact);
      expectClose(result.midPValue, mid);
    },
  );

  it('reproduces the example of Fagerland, Lydersen and Laake (2013)', () => {
    const { exactPValue, midPValue } = mcnemarTest(
      Array(8).fill(0),
      [0, 1, 1, 1, 1, 1, 1, 1],
      [1, 0, 0, 0, 0, 0, 0, 0],
    );
    expect(exactPValue.toFixed(4)).toBe('0.0703');
    expect(midPValue.toFixed(4)).toBe('0.0391');
  });

  it('has a p-value of 1 for identical predictions', () => {
    expect(mcnemarTest([0, 1], [0, 0], [0, 0])).toEqual({
      onlyA: 0,
      onlyB: 0,
      difference: 0,
      exactPValue: 1,
      midPValue: 1,
    });
    expect(mcnemarTest([], [], []).difference).toBeNull();
  });

  it('rejects unknown classes and different lengths', () => {
    expect(() => mcnemarTest([0, -1], [0, 0], [0, 0])).toThrow(
      'labels[1]: -1 is not a class index',
    );
    expect(() => mcnemarTest([0], [0, 1], [0])).toThrow('predictedA has 2 entries');
  });
});

describe('paired t tests', () => {
  it.each(tTests)(
    'equal SciPy with t = $t',
    ({ a, b, t, pValue, lower, upper, train, test, correctedT, correctedP }) => {
      const paired = pairedTTest(a, b);
      expectClose(paired.t, t);
      expectClose(paired.pValue, pValue);
      expectClose(paired.lower, lower);
      expectClose(paired.upper, upper);
      const corrected = correctedResampledTest(a, b, { trainCount: train, testCount: test });
      expectClose(corrected.t, correctedT);
      expectClose(corrected.pValue, correctedP);
      expect(corrected.pValue!).toBeGreaterThan(paired.pValue!);
    },
  );

  it.each([
    [
      'no pairs',
      pairedTTest([], []),
      {
        difference: null,
        pValue: null,
        undefinedBecause: 'a t test needs at least two pairs, got 0',
      },
    ],
    ['one pair', pairedTTest([1], [0.5]), { difference: 0.5, pValue: null }],
    ['no difference', pairedTTest([0.3, 0.4], [0.3, 0.4]), { difference: 0, t: 0, pValue: 1 }],
    [
      'equal differences except for rounding',
      pairedTTest([0.3, 0.4, 0.7], [0.2, 0.3, 0.6]),
      {
        t: null,
        pValue: null,
        undefinedBecause: expect.stringContaining('all differences are equal'),
      },
    ],
  ])('give the reason when there is no answer: %s', (_, result, expected) =>
    expect(result).toMatchObject(expected),
  );

  it('reject invalid input', () => {
    expect(() => pairedTTest([1, 2], [1])).toThrow('b has 1 entries, expected 2');
    expect(() => pairedTTest([1, NaN], [1, 2])).toThrow('Value 1 is NaN');
    expect(() => correctedResampledTest([1, 2], [1, 1], { trainCount: 0, testCount: 5 })).toThrow(
      'got 0 for training',
    );
  });
});

describe('intervals of proportions', () => {
  it.each(proportions)(
    'equal statsmodels for $successes of $trials at $confidence',
    ({ successes, trials, confidence, wilson, exact }) => {
      const score = wilsonInterval(successes, trials, { confidence })!;
      const precise = clopperPearsonInterval(successes, trials, { confidence })!;
      expectClose(score.lower, wilson[0]);
      expectClose(score.upper, wilson[1]);
      expectClose(precise.lower, exact[0]);
      expectClose(precise.upper, exact[1]);
    },
  );

  it('are null without trials, and reject invalid input', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(clopperPearsonInterval(0, 0)).toBeNull();
    expect(() => wilsonInterval(3, 2)).toThrow('got 3 of 2');
    expect(() => clopperPearsonInterval(1, 2, { confidence: 1 })).toThrow('got 1');
  });
});

describe('adjusted p-values', () => {
  it('equal statsmodels (Holm)', () =>
    holm(corrections.pValues).forEach((p, i) => expectClose(p, corrections.holm[i])));
  it('equal statsmodels (Benjamini-Hochberg)', () =>
    benjaminiHochberg(corrections.pValues).forEach((p, i) =>
      expectClose(p, corrections.benjaminiHochberg[i]),
    ));
  it('leave out tests that are not defined', () => {
    expect(holm([0.01, null, 0.04])).toEqual([0.02, null, 0.04]);
    expect(benjaminiHochberg([0.04, null, 0.01])).toEqual([0.04, null, 0.02]);
    expect(holm([])).toEqual([]);
    expect(benjaminiHochberg([null])).toEqual([null]);
  });

  it('reject values that are not p-values', () => {
    expect(() => holm([0.5, 1.2])).toThrow('p-value 1 is 1.2');
    expect(() => holm([NaN])).toThrow('p-value 0 is NaN');
  });
});

describe('meanAndStandardDeviation', () => {
  it('divides by n - 1, and has no standard deviation for a single value', () => {
    expect(meanAndStandardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      count: 8,
      mean: 5,
      standardDeviation: Math.sqrt(32 / 7),
    });
    expect(meanAndStandardDeviation([3])).toEqual({ count: 1, mean: 3, standardDeviation: null });
    expect(meanAndStandardDeviation([])).toEqual({ count: 0, mean: null, standardDeviation: null });
  });
});
