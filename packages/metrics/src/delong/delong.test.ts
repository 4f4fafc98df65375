import { createRandom } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { randomPredictions } from '../testing/randomPredictions.js';
import { delongInterval, macroDelongInterval } from './delongInterval.js';
import { delongTest, macroDelongTest } from './delongTest.js';

const slow = process.env.NONLOCAL_MED_SLOW === '1';

describe("DeLong's test, against its definition over all pairs", () => {
  it.each(golden().delong)(
    'for two classes, p = $pValue',
    ({ labels, a, b, aucs, variances, standardError, z, pValue }) => {
      const result = delongTest(labels, a, b);
      expectClose(result.aucA, aucs[0]);
      expectClose(result.aucB, aucs[1]);
      expectClose(result.standardError, standardError);
      expectClose(result.z, z);
      expectClose(result.pValue, pValue);
      [a, b].forEach((scores, m) =>
        expectClose(delongInterval(labels, scores).standardError, Math.sqrt(variances[m])),
      );
    },
  );

  it.each(golden().macroDelong)(
    'for several classes, p = $pValue',
    ({ labels, a, b, aucs, variances, standardError, z, pValue }) => {
      const result = macroDelongTest(labels, a.flat(), b.flat());
      expectClose(result.aucA, aucs[0]);
      expectClose(result.standardError, standardError);
      expectClose(result.z, z);
      expectClose(result.pValue, pValue);
      [a, b].forEach((rows, m) =>
        expectClose(
          macroDelongInterval(labels, rows.flat()).standardError,
          Math.sqrt(variances[m]),
        ),
      );
    },
  );

  it('equals its extension to several classes when there are two', () => {
    const { labels, a, b } = golden().delong[0];
    const rows = (scores: number[]): number[] =>
      scores.map((score) => Math.min(1, Math.max(0, score))).flatMap((score) => [1 - score, score]);
    const column = (scores: number[]): number[] => rows(scores).filter((_, i) => i % 2 === 1);
    expect(macroDelongTest(labels, rows(a), rows(b))).toEqual(
      delongTest(labels, column(a), column(b)),
    );
    expect(macroDelongInterval(labels, rows(a))).toEqual(delongInterval(labels, column(a)));
  });

  it('changes only its sign when the models are swapped', () => {
    const { labels, a, b } = golden().delong[1];
    const forward = delongTest(labels, a, b);
    const backward = delongTest(labels, b, a);
    expect([backward.difference, backward.z, backward.lower, backward.upper]).toEqual(
      [forward.difference, forward.z, forward.upper, forward.lower].map((value) => -value!),
    );
    expect(backward.pValue).toBe(forward.pValue);
  });
});

describe('intervals', () => {
  // pROC-style arithmetic by hand: AUC 0.875, positives' placements 0.75 and 1, negatives' 1 and 0.75: both variances 0.03125 / 2.
  const labels = [0, 0, 1, 1];
  const scores = [1, 2, 2, 3];
  it('are symmetric and clipped on the plain scale', () => {
    const { auc, standardError, lower, upper } = delongInterval(labels, scores, {
      transform: 'none',
    });
    expect(auc).toBe(0.875);
    expectClose(standardError, Math.sqrt(0.03125));
    expectClose(lower, 0.875 - 1.959963984540054 * Math.sqrt(0.03125));
    expect(upper).toBe(1);
  });
  it('stay inside (0, 1) on the logit scale', () => {
    const { lower, upper } = delongInterval(labels, scores, { confidence: 0.9 });
    const halfWidth = (1.6448536269514722 * Math.sqrt(0.03125)) / (0.875 * 0.125);
    expectClose(lower, 1 / (1 + Math.exp(-(Math.log(7) - halfWidth))));
    expectClose(upper, 1 / (1 + Math.exp(-(Math.log(7) + halfWidth))));
    expect(upper).toBeLessThan(1);
  });
});

describe('special cases', () => {
  it.each([
    [
      'one class',
      delongInterval([1, 1], [0.1, 0.2]),
      { auc: null, lower: null, undefinedBecause: 'fewer than two classes are present' },
    ],
    [
      'no samples',
      macroDelongInterval([], []),
      { auc: null, undefinedBecause: 'fewer than two classes are present' },
    ],
    [
      'perfect separation',
      delongInterval([0, 0, 1, 1], [1, 2, 3, 4]),
      { auc: 1, standardError: 0, lower: null, upper: null },
    ],
    [
      'a class with a single sample',
      delongInterval([0, 0, 1], [1, 3, 2]),
      {
        auc: 0.5,
        standardError: null,
        undefinedBecause: expect.stringContaining('class 1 has a single sample'),
      },
    ],
    [
      'equal scores',
      delongTest([0, 0, 1, 1], [1, 3, 2, 4], [1, 3, 2, 4]),
      { difference: 0, z: 0, pValue: 1, lower: 0, upper: 0 },
    ],
    [
      'perfect against reversed',
      delongTest([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1]),
      {
        difference: 1,
        standardError: 0,
        pValue: null,
        undefinedBecause: expect.stringContaining('variance of the difference is zero'),
      },
    ],
    [
      'one class, two models',
      delongTest([0, 0], [1, 2], [2, 1]),
      { aucA: null, difference: null, pValue: null },
    ],
  ])('%s', (_, result, expected) => expect(result).toMatchObject(expected));

  it('rejects invalid input', () => {
    expect(() => delongTest([0, 1], [1, 2], [NaN, 1])).toThrow('scoresB[0]: the score is NaN');
    expect(() => delongInterval([0, 1], [1, 2], { confidence: 95 })).toThrow('got 95');
    expect(() => macroDelongTest([0, 1], [0.5, 0.5, 1, 0], [0.5, 0.5])).toThrow(
      '2 numbers for 2 samples',
    );
  });
});

describe('over many random samples', () => {
  const experiments = slow ? 4000 : 400;

  it(`the estimated variance matches that of the macro AUC (${experiments} times 120 samples, 4 classes)`, () => {
    const values: number[] = [];
    let variance = 0;
    for (let seed = 0; seed < experiments; seed++) {
      const { labels, probabilities } = randomPredictions({
        count: 120,
        classes: 4,
        seed,
        name: `draw ${seed}`,
      });
      const { auc, standardError } = macroDelongInterval(labels, probabilities);
      values.push(auc!);
      variance += standardError! ** 2 / experiments;
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / experiments;
    const empirical =
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (experiments - 1);
    expect(variance / empirical).toBeGreaterThan(slow ? 0.92 : 0.8);
    expect(variance / empirical).toBeLessThan(slow ? 1.08 : 1.25);
  });

  it.skipIf(!slow)('the coverage of 95 % intervals is near 95 % (NONLOCAL_MED_SLOW=1)', () => {
    // Two normal distributions one standard deviation apart: the true AUC is P(Z < 1 / sqrt 2).
    const truth = 0.7602499389065233;
    let covered = 0;
    for (let seed = 0; seed < experiments; seed++) {
      const random = createRandom(seed, 'coverage');
      const labels = Array.from({ length: 80 }, (_, i) => (i < 30 ? 1 : 0));
      const { lower, upper } = delongInterval(
        labels,
        labels.map((label) => random.normal() + label),
      );
      if (lower! <= truth && truth <= upper!) covered++;
    }
    expect(covered / experiments).toBeGreaterThan(0.935);
    expect(covered / experiments).toBeLessThan(0.965);
  });

  it.skipIf(!slow)(
    'about 5 % of tests of equally good models have p < 0.05 (NONLOCAL_MED_SLOW=1)',
    () => {
      let rejected = 0;
      for (let seed = 0; seed < experiments; seed++) {
        const a = randomPredictions({ count: 150, classes: 3, seed, name: 'a' });
        const b = randomPredictions({ count: 150, classes: 3, seed, name: 'b' });
        if (macroDelongTest(a.labels, a.probabilities, b.probabilities).pValue! < 0.05) rejected++;
      }
      expect(rejected / experiments).toBeGreaterThan(0.035);
      expect(rejected / experiments).toBeLessThan(0.065);
    },
  );
});
