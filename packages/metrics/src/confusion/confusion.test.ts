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
  'metrics of the confusion matrix on $name, against scikit-learn',
  ({ labels, probabilities, expected }) => {
    const classes = probabilities[0].length;
    const predicted = argmaxRows(probabilities.flat(), classes);
    const matrix = confusionMatrix(labels, predicted, { classes });
    const constant = new Set(predicted).size === 1;

    it('confusionMatrix', () =>
      expect([...matrix.counts]).toEqual(expected.confusionMatrix.flat()));
    it.each(Object.entries(macro))('%s', (name, metric) => {
      // The correlation with a constant: 0 in scikit-learn, not defined here.
      if (name === 'matthews' && constant) expect(metric(matrix)).toBeNull();
      else expectClose(metric(matrix), expected[name]);
    });
    it.each(Object.entries(every))('%s of each class', (name, metric) => {
      expected[name as keyof typeof every].forEach((value, of) =>
        expectClose(metric(matrix, { of }), value),
      );
    });
    it('one-vs-rest accuracy, which follows from the top-1 accuracy (specification, 10.1)', () => {
      const value = accuracy(matrix, { reading: 'one-vs-rest' });
      expectClose(value, expected.accuracyOneVsRest);
      expectClose(value, 1 - (2 / classes) * (1 - (accuracy(matrix) ?? NaN)));
    });
    it('adjusted balanced accuracy', () =>
      expectClose(balancedAccuracy(matrix, { adjusted: true }), expected.adjustedBalancedAccuracy));
  },
);

describe('metrics of the confusion matrix', () => {
  const of = (labels: number[], predicted: number[], classes = 3): ConfusionMatrix =>
    confusionMatrix(labels, predicted, { classes });
  const all = (matrix: ConfusionMatrix): Record<string, number | null> =>
    Object.fromEntries(Object.entries(macro).map(([name, metric]) => [name, metric(matrix)]));

  it('are null without samples', () => {
    expect(new Set(Object.values(all(of([], []))))).toEqual(new Set([null]));
    expect(accuracy(of([], []), { reading: 'one-vs-rest' })).toBeNull();
    expect(balancedAccuracy(of([], []), { adjusted: true })).toBeNull();
  });

  it('of a single class are defined for rates, null for agreement and correlation', () => {
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

  it('leave out sensitivity of an absent class and precision of one that is never predicted', () => {
    const matrix = of([0, 0, 1, 1], [0, 2, 0, 0]);
    expect([0, 1, 2].map((c) => sensitivity(matrix, { of: c }))).toEqual([0.5, 0, null]);
    expect([0, 1, 2].map((c) => precision(matrix, { of: c }))).toEqual([1 / 3, null, 0]);
    expect([0, 1, 2].map((c) => f1(matrix, { of: c }))).toEqual([0.4, 0, 0]);
    expect(f1(of([0, 1], [1, 0]), { of: 2 })).toBeNull();
    expect(sensitivity(matrix)).toBe(0.25);
  });

  it('reject every entry that is not a class index, with its position', () => {
    expect(() => of([0, 3, 1.5], [0, 0, 0])).toThrow(
      /labels\[1\]: 3 is not a class index[\s\S]*labels\[2\]: 1\.5/,
    );
    expect(() => of([0, 1], [0, NaN])).toThrow('predicted[1]: NaN');
    expect(() => of([0, 1], [0])).toThrow('predicted has 1 entries, expected 2');
    expect(() => sensitivity(of([0], [0]), { of: 3 })).toThrow('got 3');
  });

  it('count each sample by its weight', () => {
    expect([
      ...confusionMatrix([0, 1, 1], [0, 0, 1], { classes: 2, weights: [2, 0, 3] }).counts,
    ]).toEqual([2, 0, 0, 3]);
  });
});

describe('what scikit-learn users type first', () => {
  it('counts up to the largest class that occurs, at least two classes', () => {
    expect(confusionMatrix([0, 2, 1], [0, 1, 1])).toEqual({
      classes: 3,
      counts: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 1, 0),
    });
    expect(confusionMatrix([0, 0], [0, 0]).classes).toBe(2);
    expect(confusionMatrix([], []).classes).toBe(2);
    expect(() => confusionMatrix([0, NaN], [1, -1])).toThrow('labels[1]: NaN is not a class index');
  });

  it.each([
    ['accuracy', accuracy],
    ['balancedAccuracy', balancedAccuracy],
    ['sensitivity', sensitivity],
    ['f1', f1],
    ['cohenKappa', cohenKappa],
    ['quadraticKappa', quadraticKappa],
    ['matthews', matthews],
  ])('%s says that labels become a confusion matrix first', (_, metric) => {
    const call = metric as (...values: unknown[]) => unknown;
    expect(() => call([0, 1], [0, 1])).toThrow(
      'Expected a confusion matrix, got an array. Labels and predictions become one first: accuracy(confusionMatrix(labels, predicted)).',
    );
    expect(() => call()).toThrow('Expected a confusion matrix, got nothing.');
  });

  it('names the argument that is missing', () => {
    const call = confusionMatrix as (...values: unknown[]) => unknown;
    expect(() => call([0, 1])).toThrow(
      'confusionMatrix(labels, predicted): expected an array of numbers as predicted, got nothing.',
    );
  });
});
