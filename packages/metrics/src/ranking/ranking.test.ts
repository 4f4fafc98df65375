import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { binaryAuc } from './binaryAuc.js';
import { pairwiseAreas } from './pairwiseAreas.js';
import { averagePrecision, precisionRecallCurve } from './precisionRecall.js';
import { classAuc, rocAuc } from './rocAuc.js';
import { rocCurve } from './rocCurve.js';

const { classification, curves } = golden();

describe('rocAuc, against roc_auc_score of scikit-learn 1.9.1 (sklearn_auc.json)', () => {
  const rows = JSON.parse(
    readFileSync(new URL('../../test/golden/sklearn_auc.json', import.meta.url), 'utf8'),
  ) as Record<string, Record<string, number> & { y: number[]; p: number[][] }>;
  it('of two classes', () => {
    const { y, p, auc_col1 } = rows.K2;
    expectClose(rocAuc(y, p.flat()), auc_col1, 1e-15);
    expectClose(
      binaryAuc(
        y,
        p.map((row) => row[1]),
      ),
      auc_col1,
      1e-15,
    );
  });
  it('of two classes from one score per sample', () => {
    const { y, p, auc_col1 } = rows.K2;
    const scores = p.map((row) => row[1]);
    for (const average of ['macro', 'weighted', 'hand-till'] as const)
      expectClose(rocAuc(y, scores, { average }), auc_col1, 1e-15);
    expect(rocAuc([1, 1], [0.2, 0.3])).toBeNull();
    expect(() => rocAuc([0, 2, 1], [0.1, 0.2, 0.3])).toThrow('2 is not a two-class label');
  });
  it('says which argument is missing', () => {
    const call = rocAuc as (...values: unknown[]) => unknown;
    expect(() => call([0, 1])).toThrow(
      'rocAuc(labels, probabilities): expected an array of numbers as probabilities, got nothing.',
    );
    expect(() => call(3, 4)).toThrow('expected an array of numbers as labels, got 3.');
  });
  it.each(['K3', 'K4'])('of several classes (%s)', (name) => {
    const { y, p, ovr_macro, ovr_weighted, ovo_macro } = rows[name];
    expectClose(rocAuc(y, p.flat()), ovr_macro, 2e-16);
    expectClose(rocAuc(y, p.flat(), { average: 'weighted' }), ovr_weighted, 2e-16);
    expectClose(rocAuc(y, p.flat(), { average: 'hand-till' }), ovo_macro, 2e-16);
  });
});

describe.each(classification)(
  'ranking metrics on $name, against scikit-learn',
  ({ labels, probabilities, expected }) => {
    const classes = probabilities[0].length;
    const flat = probabilities.flat();
    const isClass = (c: number): number[] => labels.map((label) => (label === c ? 1 : 0));
    const column = (c: number): number[] => probabilities.map((row) => row[c]);

    it('macro AUC over the classes present', () => expectClose(rocAuc(labels, flat), expected.auc));
    it('AUC of each class', () => {
      const areas = weightSamples(scoreSamples(labels, flat)).areas();
      expected.aucs.forEach((auc, c) => expectClose(classAuc(areas, c), auc));
      if (classes > 2)
        expected.aucs.forEach((auc, c) => expectClose(binaryAuc(isClass(c), column(c)), auc));
    });
    if (expected.aucMacroOfLibrary !== null)
      it('macro, weighted and Hand-Till AUC', () => {
        expectClose(rocAuc(labels, flat), expected.aucMacroOfLibrary);
        expectClose(rocAuc(labels, flat, { average: 'weighted' }), expected.aucWeightedOfLibrary);
        expectClose(rocAuc(labels, flat, { average: 'hand-till' }), expected.aucHandTillOfLibrary);
      });
    it('average precision', () =>
      expected.averagePrecisions.forEach((value, c) =>
        expectClose(averagePrecision(isClass(c), column(c)), value),
      ));
  },
);

describe('metrics of two classes', () => {
  it('give the same AUC for every average', () => {
    const { labels, probabilities } = classification[0];
    const auc = binaryAuc(
      labels,
      probabilities.map((row) => row[1]),
    );
    for (const average of ['macro', 'weighted', 'hand-till'] as const)
      expectClose(rocAuc(labels, probabilities.flat(), { average }), auc, 1e-15);
  });

  it('count ties one half', () => {
    expect(binaryAuc([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])).toBe(0.5);
    expect(binaryAuc([0, 0, 1, 1], [1, 2, 2, 3])).toBe(0.875);
    expect(binaryAuc([0, 1], [-Infinity, Infinity])).toBe(1);
  });

  it('are null when one class is absent, or without positives', () => {
    expect(binaryAuc([1, 1], [0.1, 0.2])).toBeNull();
    expect(binaryAuc([0, 0], [0.1, 0.2])).toBeNull();
    expect(binaryAuc([], [])).toBeNull();
    expect(averagePrecision([0, 0], [0.1, 0.2])).toBeNull();
    expect(averagePrecision([], [])).toBeNull();
    expect(averagePrecision([1, 1], [0.1, 0.2])).toBe(1);
    expect(rocCurve([1, 1], [0.1, 0.2])).toBeNull();
    expect(rocCurve([], [])).toBeNull();
    expect(precisionRecallCurve([0], [1])).toBeNull();
    expect(rocAuc([], [])).toBeNull();
    expect(rocAuc([0, 0], [0.5, 0.5, 0.1, 0.9])).toBeNull();
    expect(rocAuc([2, 2], [0, 0, 1, 0.5, 0.5, 0], { average: 'hand-till' })).toBeNull();
  });

  it('reject invalid labels and scores, with their index', () => {
    expect(() => binaryAuc([0, 2, 1], [0.1, 0.2, NaN])).toThrow(
      /labels\[1\]: 2 is not a two-class label[\s\S]*scores\[2\]: the score is NaN/,
    );
    expect(() => binaryAuc([0, 1], [0.1])).toThrow('scores has 1 entries, expected 2');
  });
});

describe('metrics of several classes', () => {
  it('reject rows that are not distributions, with their index', () => {
    expect(() => rocAuc([0, 1], [0.5, 0.5, NaN, 1])).toThrow(
      'probabilities[1]: NaN for class 0 is not a probability',
    );
    expect(() => rocAuc([0, 1], [0.5, 0.5, 2.5, -1.5])).toThrow(
      'probabilities[1]: 2.5 for class 0',
    );
    expect(() => rocAuc([0, 1], [0.5, 0.4, 0.9, 0.2])).toThrow(
      /probabilities\[0\]: the probabilities sum to 0\.9[\s\S]*probabilities\[1\]/,
    );
    expect(() => rocAuc([0, 2], [0.5, 0.5, 0.5, 0.5])).toThrow('labels[1]: 2 is not a class index');
    expect(() => rocAuc([0, 1], [0.5, 0.5, 1])).toThrow('3 numbers for 2 samples');
  });

  it('accept the rounding of a float32 softmax', () => {
    expect(rocAuc([0, 1], Float32Array.of(0.1, 0.2, 0.7, 0.3, 0.3, 0.4))).toBe(0.5);
  });

  it('count a sample of weight n like n samples', () => {
    const { labels, probabilities } = classification[2];
    const weights = Float64Array.from(labels, (_, i) => i % 4);
    const repeated = labels.flatMap((_, i) => Array.from({ length: i % 4 }, () => i));
    const once = weightSamples(
      scoreSamples(
        repeated.map((i) => labels[i]),
        repeated.flatMap((i) => probabilities[i]),
      ),
    ).areas();
    const weighted = pairwiseAreas(scoreSamples(labels, probabilities.flat()), weights);
    expect([...weighted.areas]).toEqual([...once.areas]);
    expect([...weighted.support]).toEqual([...once.support]);
  });
});

describe('curves, against scikit-learn', () => {
  const { labels, scores } = curves;
  it('rocCurve, all points', () => {
    const points = rocCurve(labels, scores, { all: true })!;
    expect(points[0]).toEqual({ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 });
    expect(points.slice(1).map(({ threshold }) => threshold)).toEqual(curves.thresholds);
    points.forEach(({ falsePositiveRate, truePositiveRate }, i) => {
      expectClose(falsePositiveRate, curves.fpr[i], 1e-15);
      expectClose(truePositiveRate, curves.tpr[i], 1e-15);
    });
  });

  it('rocCurve without the points inside straight stretches has the same area', () => {
    const points = rocCurve(labels, scores)!;
    expect(points.length).toBeLessThan(curves.fpr.length);
    expect(points.length).toBeLessThanOrEqual(curves.corners);
    expect(points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
    const area = points
      .slice(1)
      .reduce(
        (sum, { falsePositiveRate, truePositiveRate }, i) =>
          sum +
          ((falsePositiveRate - points[i].falsePositiveRate) *
            (truePositiveRate + points[i].truePositiveRate)) /
            2,
        0,
      );
    expectClose(area, binaryAuc(labels, scores));
  });

  it('precisionRecallCurve, whose area is the average precision', () => {
    const points = precisionRecallCurve(labels, scores)!;
    expect(points.slice(1).map(({ threshold }) => threshold)).toEqual(curves.cuts);
    points.forEach(({ precision, recall }, i) => {
      expectClose(precision, curves.precision[i], 1e-15);
      expectClose(recall, curves.recall[i], 1e-15);
    });
    const area = points
      .slice(1)
      .reduce((sum, { precision, recall }, i) => sum + precision * (recall - points[i].recall), 0);
    expectClose(area, averagePrecision(labels, scores));
  });
});
