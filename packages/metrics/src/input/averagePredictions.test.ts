import type { FindingPredictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { randomPredictions } from '../testing/randomPredictions.js';
import { averagePredictions } from './averagePredictions.js';
import { pickRows } from './taskPredictions.js';

describe('averagePredictions', () => {
  const first = randomPredictions({ count: 10, classes: 3 });
  const second = randomPredictions({ count: 10, classes: 3, name: 'b' });

  it('is the mean of the probabilities of each image, whatever the order of the images', () => {
    const reversed = pickRows(second, [...second.ids.keys()].reverse());
    const { ids, labels, probabilities } = averagePredictions([first, reversed]);
    expect([ids, labels]).toEqual([first.ids, first.labels]);
    probabilities.forEach((p, i) =>
      expect(p).toBeCloseTo((first.probabilities[i] + second.probabilities[i]) / 2, 15),
    );
  });

  it('is the member itself for one member', () =>
    expect(averagePredictions([first])).toEqual(first));

  it('averages findings one by one', () => {
    const findings: FindingPredictions = {
      findings: ['edema', 'mass'],
      ids: ['a', 'b'],
      labels: Int32Array.of(1, 0, -1, 1),
      probabilities: Float64Array.of(0.25, 0.5, 0.75, 1),
    };
    const other = {
      ...findings,
      ids: ['b', 'a'],
      labels: Int32Array.of(-1, 1, 1, 0),
      probabilities: Float64Array.of(0.25, 0.5, 0.75, 1),
    };
    const mean = averagePredictions([findings, other]);
    expect([...mean.probabilities]).toEqual([0.5, 0.75, 0.5, 0.75]);
    expect(mean.labels).toEqual(findings.labels);
    expect(() => averagePredictions([findings, { ...other, ids: ['a', 'c'] }])).toThrow(
      'image "b" of predictions 1 is missing',
    );
  });

  it('needs the same images, and probabilities', () => {
    expect(() => averagePredictions([first, pickRows(second, [0, 1])])).toThrow('is missing');
    expect(() => averagePredictions([first, { ...second, decisionsOnly: true }])).toThrow(
      'predictions 2: are decisions without probabilities, which have no mean',
    );
    expect(() => averagePredictions([])).toThrow('ensemble: has no members');
  });
});
