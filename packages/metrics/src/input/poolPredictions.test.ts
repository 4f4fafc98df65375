import { readFileSync } from 'node:fs';
import type { Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { evaluatePredictions } from '../evaluate/evaluatePredictions.js';
import { correctedResampledInterval } from '../hypothesis/pairedTTest.js';
import { expectClose } from '../testing/expectClose.js';
import { poolPredictions } from './poolPredictions.js';

/** From `cross_val_predict` and `cross_validate` of scikit-learn; see make_cross_validation.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/cross_validation.json', import.meta.url), 'utf8'),
) as {
  readonly labels: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
  readonly folds: readonly (readonly number[])[];
  readonly foldAucs: readonly number[];
  readonly meanAuc: number;
  readonly interval: Readonly<
    Record<'trainCount' | 'testCount' | 'error' | 'lower' | 'upper', number>
  >;
  readonly pooledAuc: number;
  readonly pooledAccuracy: number;
};

const predictionsOf = (images: readonly number[]): Predictions => ({
  classes: ['a', 'b', 'c'],
  ids: images.map((image) => `image-${image}`),
  labels: Int32Array.from(images, (image) => golden.labels[image]),
  probabilities: Float64Array.from(images.flatMap((image) => golden.probabilities[image])),
});
const folds = golden.folds.map(predictionsOf);
const aucs = folds.map((fold) => evaluatePredictions(fold).metrics.auc.value!);

describe('poolPredictions', () => {
  it('has every image once, with the prediction of its fold', () => {
    const pooled = poolPredictions(folds);
    expect(pooled).toEqual(predictionsOf(golden.folds.flat()));
    expect(new Set(pooled.ids).size).toBe(golden.labels.length);
  });

  it("has scikit-learn's pooled AUC, which differs from the mean over folds", () => {
    const { auc, accuracy } = evaluatePredictions(poolPredictions(folds)).metrics;
    expectClose(auc.value, golden.pooledAuc);
    expectClose(accuracy.value, golden.pooledAccuracy);
    aucs.forEach((value, fold) => expectClose(value, golden.foldAucs[fold]));
    expect(Math.abs(auc.value! - golden.meanAuc)).toBeGreaterThan(0.001);
  });

  it('keeps patients and attributes, also where only some parts have them', () => {
    const [first, second] = folds;
    const pooled = poolPredictions([
      { ...first, attributes: { sex: first.ids.map(() => 'f') } },
      { ...second, groups: second.ids.map(() => 'p1') },
    ]);
    expect(pooled.groups).toEqual([
      ...first.ids.map((id) => `image ${id}`),
      ...second.ids.map(() => 'p1'),
    ]);
    expect(pooled.attributes).toEqual({
      sex: [...first.ids.map(() => 'f'), ...second.ids.map(() => '')],
    });
  });

  it('refuses an image in two parts, and other classes', () => {
    expect(() =>
      poolPredictions([folds[0], folds[1], predictionsOf([golden.folds[0][2]])]),
    ).toThrow(`predictions 3: image "image-${golden.folds[0][2]}" is also in predictions 1`);
    expect(() => poolPredictions([folds[0], { ...folds[1], classes: ['a', 'b', 'd'] }])).toThrow(
      'predictions 2: classes are a, b, d',
    );
  });
});

describe('correctedResampledInterval', () => {
  it("is Nadeau and Bengio's interval of the mean over folds", () => {
    const { trainCount, testCount, error, lower, upper } = golden.interval;
    const interval = correctedResampledInterval(aucs, { trainCount, testCount });
    expectClose(interval.mean, golden.meanAuc);
    expectClose(interval.standardError, error);
    expectClose(interval.lower, lower);
    expectClose(interval.upper, upper);
  });

  it('says why there is none', () => {
    const sizes = { trainCount: 4, testCount: 1 };
    expect(correctedResampledInterval([0.5], sizes)).toMatchObject({
      mean: 0.5,
      lower: null,
      undefinedBecause: 'an interval of the mean needs at least two splits, got 1',
    });
    for (const scores of [
      [1, 1, 1],
      [0, 0],
    ])
      expect(correctedResampledInterval(scores, sizes)).toMatchObject({
        upper: null,
        undefinedBecause:
          'the score is the same on all splits, so its variance cannot be estimated',
      });
  });
});
