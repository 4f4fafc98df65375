import { syntheticPredictions } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { type ComparedImage, findDisagreements } from './disagreements.js';
import { seriesStyle } from './figure/seriesStyle.js';
import type { PageModel, PageRun } from './pageModel.js';

/** A model with one repeat per split; only what is read here. */
const model = (key: string, skill: number, splits: number[]): PageModel => ({
  key,
  title: key,
  style: seriesStyle(0),
  baseline: null,
  runs: splits.map(
    (split, repeat) =>
      ({
        repeat,
        predictions: { last: syntheticPredictions({ skill, split, seed: skill }), selected: null },
        metrics: {},
      }) as unknown as PageRun,
  ),
});

describe('findDisagreements', () => {
  const baseline = model('baseline', 0.5, [0, 1, 2]);
  const found = findDisagreements({ baseline, model: model('model', 2, [0, 1, 7]) }, 'last');

  it('leaves out repeats that were tested on different images', () => {
    expect(found.repeats).toBe(2);
  });

  it('counts every image of every repeat once', () => {
    const { bothRight, bothWrong, gained, lost } = found;
    expect(bothRight + bothWrong + gained.length + lost.length).toBe(120);
  });

  it('lists images that only the model, or only the baseline, classifies correctly', () => {
    const isRight = ({ label }: ComparedImage, { predicted }: { predicted: number }): boolean =>
      predicted === label;
    expect(found.gained.length).toBeGreaterThan(found.lost.length);
    expect(found.lost.length).toBeGreaterThan(0);
    expect(found.gained.every((image) => isRight(image, image.model))).toBe(true);
    expect(found.gained.some((image) => isRight(image, image.baseline))).toBe(false);
    expect(found.lost.every((image) => isRight(image, image.baseline))).toBe(true);
    expect(found.lost.some((image) => isRight(image, image.model))).toBe(false);
  });

  it('sorts by the difference in the probability of the true class', () => {
    const gaps = found.gained.map((image) =>
      Math.abs(image.model.trueClassProbability - image.baseline.trueClassProbability),
    );
    expect(gaps).toEqual([...gaps].sort((a, b) => b - a));
  });
});
