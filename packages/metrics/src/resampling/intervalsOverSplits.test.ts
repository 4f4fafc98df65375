import { InputError, type Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { randomPredictions } from '../testing/randomPredictions.js';
import { bootstrapInterval } from './bootstrapInterval.js';
import { intervalsOverSplits } from './intervalsOverSplits.js';

const model = (name: string, seed = 0): Predictions =>
  randomPredictions({ count: 90, classes: 3, name, seed });
const renamed = (predictions: Predictions, prefix: string): Predictions => ({
  ...predictions,
  ids: predictions.ids.map((id) => prefix + id),
});

describe('intervalsOverSplits', () => {
  it('equals bootstrapInterval of the mean when all repeats share their test set, in any order of rows', () => {
    const [a, b] = [model('a'), model('b')];
    const reversed: Predictions = {
      ...b,
      ids: b.ids.toReversed(),
      labels: b.labels.toReversed(),
      probabilities: Float64Array.from(
        { length: 270 },
        (_, i) => b.probabilities[(89 - Math.floor(i / 3)) * 3 + (i % 3)],
      ),
    };
    const { auc, sensitivity } = intervalsOverSplits([a, reversed], ['auc', 'sensitivity'], {
      resamples: 200,
    });
    const expected = bootstrapInterval([a, b], 'auc', { resamples: 200 });
    expect(auc.lower).toBeCloseTo(expected.lower!, 12);
    expect(auc.upper).toBeCloseTo(expected.upper!, 12);
    expect(sensitivity.estimate).toBeCloseTo(
      bootstrapInterval([a, b], 'sensitivity', { resamples: 1 }).estimate!,
      12,
    );
  });

  it('is narrower by the square root of the repeats when test sets share no image, and not when they are the same', () => {
    const one = intervalsOverSplits([model('a')], ['accuracy']).accuracy.standardError!;
    const twice = intervalsOverSplits([model('a'), model('a')], ['accuracy']).accuracy
      .standardError!;
    const apart = intervalsOverSplits([model('a'), renamed(model('a'), 'other/')], ['accuracy'])
      .accuracy.standardError!;
    expect(twice).toBeCloseTo(one, 12);
    expect(Math.abs(apart / (one / Math.SQRT2) - 1)).toBeLessThan(0.08); // 2000 resamples give it a standard deviation of about 0.022
  });

  it('resamples whole groups over all repeats if predictions have them', () => {
    const groups = model('a').ids.map((_, i) => `patient ${i >> 1}`);
    const [a, b] = [{ ...model('a'), groups }, model('b')];
    const { auc } = intervalsOverSplits([a, b], ['auc'], { resamples: 200 });
    const grouped = bootstrapInterval([a, b], 'auc', { resamples: 200 });
    expect(auc.lower).toBeCloseTo(grouped.lower!, 12);
    expect(auc.upper).toBeCloseTo(grouped.upper!, 12);
    const ofImages = bootstrapInterval([model('a'), b], 'auc', { resamples: 200 });
    expect(auc.lower).not.toBeCloseTo(ofImages.lower!, 4);
  });

  it('has no interval when the metric of a repeat is not defined', () => {
    const oneClass = { ...model('a'), labels: new Int32Array(90) };
    expect(
      intervalsOverSplits([renamed(oneClass, 'x/'), model('b')], ['auc'], { resamples: 10 }).auc,
    ).toMatchObject({
      estimate: null,
      lower: null,
      undefinedBecause: 'the metric is not defined on these samples',
    });
  });

  it('rejects repeats that disagree', () => {
    const [a, b] = [model('a'), model('b', 1)];
    expect(() => intervalsOverSplits([a, b], ['auc'])).toThrow(
      /image ".*" has true class \d, but \d in an earlier repeat/,
    );
    expect(() => intervalsOverSplits([a, { ...a, classes: ['x', 'y', 'z'] }], ['auc'])).toThrow(
      /classes are x, y, z/,
    );
    expect(() => intervalsOverSplits([], ['auc'])).toThrow(InputError);
  });
});
