import { argmaxRows } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { cohenKappa, matthews, quadraticKappa } from './agreement.js';
import { type ConfusionMatrix, confusionMatrix } from './confusionMatrix.js';
import { accuracy, balancedAccuracy, f1, precision, sensitivity, specificity } from './rates.js';

const every = {
  sensitivities: sensitivity,
  specificities: specificity,
  precisions: precision,
  f1s: f1,
};
const macro = {
  sensitivity,
  specificity,
  precision,
  f1,
  cohenKappa,
  quadraticKappa,
  matthews,
  accuracy,
  balancedAccuracy,
};

describe.each(golden().classification)(
  '$name, against scikit-learn',
  ({ labels, probabilities, expected }) => {
    const classes = probabilities[0].length;
    const predicted = argmaxRows(probabilities.flat(), classes);
    const matrix = confusionMatrix(labels, predicted, { classes });
    const constant = new Set(predicted).size === 1;

    it('counts', () => expect([...matrix.counts]).toEqual(expected.confusionMatrix.flat()));
    it.each(Object.entries(macro))('%s', (name, metric) => {
      // A correlation with a constant: scikit-learn says 0, here it is not defined.
      if (name === 'matthews' && constant)
        expect([metric(matrix), expected.matthews]).toEqual([null, 0]);
      else expectClose(metric(matrix), expected[name]);
    });
    it.each(Object.entries(every))('%s', (name, metric) => {
      expected[name as keyof typeof every].forEach((value, of) =>
        expectClose(metric(matrix, { of }), value),
      );
    });
    it('accuracy one against the rest, and its identity with top-1 (spec 10.1)', () => {
      const value = accuracy(matrix, { reading: 'one-vs-rest' });
      expectClose(value, expected.accuracyOneVsRest);
      expectClose(value, 1 - (2 / classes) * (1 - (accuracy(matrix) ?? NaN)));
    });
    it('balanced accuracy moved so that chance is 0', () =>
      expectClose(balancedAccuracy(matrix, { adjusted: true }), expected.adjustedBalancedAccuracy));
  },
);

describe('cases without an answer', () => {
  const of = (labels: number[], predicted: number[], classes = 3): ConfusionMatrix =>
    confusionMatrix(labels, predicted, { classes });
  const all = (matrix: ConfusionMatrix): Record<string, number | null> =>
    Object.fromEntries(Object.entries(macro).map(([name, metric]) => [name, metric(matrix)]));

  it('everything is null without samples', () => {
    expect(new Set(Object.values(all(of([], []))))).toEqual(new Set([null]));
    expect(accuracy(of([], []), { reading: 'one-vs-rest' })).toBeNull();
    expect(balancedAccuracy(of([], []), { adjusted: true })).toBeNull();
  });

  it('one class throughout: agreement and correlation have no meaning, rates do', () => {
    expect(all(of([1, 1], [1, 1]))).toEqual({
      sensitivity: 1,
      specificity: 1,
      precision: 1,
      f1: 1,
      cohenKappa: null,
      quadraticKappa: null,
      matthews: null,
      accuracy: 1,
      balancedAccuracy: 1,
    });
    expect(balancedAccuracy(of([1, 1], [1, 1]), { adjusted: true })).toBeNull();
    expect(specificity(of([1, 1], [1, 1]), { of: 1 })).toBeNull();
  });

  it('a class absent from the truth has no sensitivity; one never predicted has no precision but an F1 of 0', () => {
    const matrix = of([0, 0, 1, 1], [0, 2, 0, 0]);
    expect([0, 1, 2].map((c) => sensitivity(matrix, { of: c }))).toEqual([0.5, 0, null]);
    expect([0, 1, 2].map((c) => precision(matrix, { of: c }))).toEqual([1 / 3, null, 0]);
    expect([0, 1, 2].map((c) => f1(matrix, { of: c }))).toEqual([0.4, 0, 0]);
    expect(f1(of([0, 1], [1, 0]), { of: 2 })).toBeNull();
    expect(sensitivity(matrix)).toBe(0.25);
  });

  it('lists every entry that is no class, with its index', () => {
    expect(() => of([0, 3, 1.5], [0, 0, 0])).toThrow(
      /labels\[1\]: 3 is not a class index[\s\S]*labels\[2\]: 1\.5/,
    );
    expect(() => of([0, 1], [0, NaN])).toThrow('predicted[1]: NaN');
    expect(() => of([0, 1], [0])).toThrow('predicted has 1 entries, expected 2');
    expect(() => sensitivity(of([0], [0]), { of: 3 })).toThrow('got 3');
  });

  it('counts weights', () => {
    expect([
      ...confusionMatrix([0, 1, 1], [0, 0, 1], { classes: 2, weights: [2, 0, 3] }).counts,
    ]).toEqual([2, 0, 0, 3]);
  });
});
