import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { mcnemarTest } from './mcnemarTest.js';
import { meanAndStandardDeviation } from './meanAndStandardDeviation.js';
import { benjaminiHochberg, holm } from './multipleComparisons.js';
import { correctedResampledTest, pairedTTest } from './pairedTTest.js';
import { clopperPearsonInterval, wilsonInterval } from './proportionInterval.js';

const { mcnemar, tTests, proportions, corrections } = golden();

describe('McNemar', () => {
  it.each(mcnemar)(
    '$onlyA against $onlyB: exact as statsmodels, mid-p as Fagerland et al.',
    ({ onlyA, onlyB, exact, mid }) => {
      // Class 0 throughout; first the samples only A has right, then those only B has, then three both have.
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

  it('the example of Fagerland, Lydersen and Laake (2013): 1 and 7 discordant give 0.0703 and 0.0391', () => {
    const { exactPValue, midPValue } = mcnemarTest(
      Array(8).fill(0),
      [0, 1, 1, 1, 1, 1, 1, 1],
      [1, 0, 0, 0, 0, 0, 0, 0],
    );
    expect([exactPValue.toFixed(4), midPValue.toFixed(4)]).toEqual(['0.0703', '0.0391']);
  });

  it('finds nothing where nothing differs', () => {
    expect(mcnemarTest([0, 1], [0, 0], [0, 0])).toEqual({
      onlyA: 0,
      onlyB: 0,
      difference: 0,
      exactPValue: 1,
      midPValue: 1,
    });
    expect(mcnemarTest([], [], []).difference).toBeNull();
    expect(() => mcnemarTest([0, -1], [0, 0], [0, 0])).toThrow(
      'labels[1]: -1 is not a class index',
    );
    expect(() => mcnemarTest([0], [0, 1], [0])).toThrow('predictedA has 2 entries');
  });
});

describe('t tests', () => {
  it.each(tTests)(
    't = $t, as SciPy',
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
      'one and the same difference, but for rounding',
      pairedTTest([0.3, 0.4, 0.7], [0.2, 0.3, 0.6]),
      {
        t: null,
        pValue: null,
        undefinedBecause: expect.stringContaining('all differences are equal'),
      },
    ],
  ])('%s', (_, result, expected) => expect(result).toMatchObject(expected));

  it('name bad input', () => {
    expect(() => pairedTTest([1, 2], [1])).toThrow('b has 1 entries, expected 2');
    expect(() => pairedTTest([1, NaN], [1, 2])).toThrow('Value 1 is NaN');
    expect(() => correctedResampledTest([1, 2], [1, 1], { trainCount: 0, testCount: 5 })).toThrow(
      'got 0 for training',
    );
  });
});

describe('proportions, as statsmodels', () => {
  it.each(proportions)(
    '$successes of $trials at $confidence',
    ({ successes, trials, confidence, wilson, exact }) => {
      const score = wilsonInterval(successes, trials, { confidence })!;
      const precise = clopperPearsonInterval(successes, trials, { confidence })!;
      [score.lower, score.upper].forEach((value, i) => expectClose(value, wilson[i]));
      [precise.lower, precise.upper].forEach((value, i) => expectClose(value, exact[i]));
    },
  );

  it('have no interval without trials, and name bad input', () => {
    expect([wilsonInterval(0, 0), clopperPearsonInterval(0, 0)]).toEqual([null, null]);
    expect(() => wilsonInterval(3, 2)).toThrow('got 3 of 2');
    expect(() => clopperPearsonInterval(1, 2, { confidence: 1 })).toThrow('got 1');
  });
});

describe('corrections for several comparisons, as statsmodels', () => {
  it('Holm', () =>
    holm(corrections.pValues).forEach((p, i) => expectClose(p, corrections.holm[i])));
  it('Benjamini-Hochberg', () =>
    benjaminiHochberg(corrections.pValues).forEach((p, i) =>
      expectClose(p, corrections.benjaminiHochberg[i]),
    ));
  it('leave out what is not defined', () => {
    expect(holm([0.01, null, 0.04])).toEqual([0.02, null, 0.04]);
    expect(benjaminiHochberg([0.04, null, 0.01])).toEqual([0.04, null, 0.02]);
    expect([holm([]), benjaminiHochberg([null])]).toEqual([[], [null]]);
    expect(() => holm([0.5, 1.2])).toThrow('p-value 1 is 1.2');
    expect(() => holm([NaN])).toThrow('p-value 0 is NaN');
  });
});

describe('mean and deviation', () => {
  it('has n - 1 in the deviation and none of one value', () => {
    expect(meanAndStandardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      count: 8,
      mean: 5,
      standardDeviation: Math.sqrt(32 / 7),
    });
    expect(meanAndStandardDeviation([3])).toEqual({ count: 1, mean: 3, standardDeviation: null });
    expect(meanAndStandardDeviation([])).toEqual({ count: 0, mean: null, standardDeviation: null });
  });
});
