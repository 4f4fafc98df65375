import type { Predictions } from '@nonlocal-med/core';
import { describe, expect, it, vi } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { randomPredictions } from '../testing/randomPredictions.js';
import { comparePredictions } from './comparePredictions.js';
import { evaluatePredictions } from './evaluatePredictions.js';
import { classMetricNames, metricNames } from './metricCatalog.js';

const asPredictions = (
  labels: readonly number[],
  rows: readonly (readonly number[])[],
  classes = rows[0].map((_, c) => `grade ${c}`),
): Predictions => ({
  classes,
  ids: labels.map((_, i) => `image-${i}`),
  labels: Int32Array.from(labels),
  probabilities: Float64Array.from(rows.flat()),
});

describe.each(golden().classification)(
  'evaluatePredictions on $name, against scikit-learn',
  ({ labels, probabilities, expected }) => {
    const report = evaluatePredictions(asPredictions(labels, probabilities));
    it('computes the metrics over all classes', () => {
      const library: Record<string, unknown> = {
        ...expected,
        aucWeighted: expected.aucWeightedOfLibrary,
        aucHandTill: expected.aucHandTillOfLibrary,
      };
      for (const name of metricNames) {
        if (
          library[name] === null ||
          (name === 'matthews' && report.metrics.matthews.value === null)
        )
          continue;
        expectClose(report.metrics[name].value, library[name] as number);
      }
    });
    it('computes the metrics of each class', () => {
      const lists = {
        auc: 'aucs',
        sensitivity: 'sensitivities',
        specificity: 'specificities',
        precision: 'precisions',
        f1: 'f1s',
        averagePrecision: 'averagePrecisions',
      } as const;
      for (const name of classMetricNames)
        report.perClass.forEach((entry, c) =>
          expectClose(entry[name].value, expected[lists[name]][c]),
        );
    });
    it('returns plain JSON, with a reason for every null', () => {
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
      for (const { value, undefinedBecause } of [
        ...Object.values(report.metrics),
        ...report.perClass.flatMap((entry) => classMetricNames.map((name) => entry[name])),
      ]) {
        expect(value === null).toBe(undefinedBecause !== undefined);
      }
    });
  },
);

describe('evaluatePredictions', () => {
  const predictions = randomPredictions({ count: 80, classes: 3 });

  it('has intervals by formula by default, and of every metric with a bootstrap', () => {
    const plain = evaluatePredictions(predictions);
    expect(plain.bootstrap).toBeNull();
    expect(
      Object.entries(plain.metrics)
        .filter(([, { interval }]) => interval !== undefined)
        .map(([name, { interval }]) => [name, interval!.method]),
    ).toEqual([
      ['auc', 'delong-logit'],
      ['accuracy', 'wilson'],
    ]);
    expect(plain.perClass[0].sensitivity.interval!.method).toBe('wilson');
    expect(plain.perClass[0].auc.interval!.method).toBe('delong-logit');
    for (const method of ['percentile', 'bca'] as const) {
      const resampled = evaluatePredictions(predictions, { bootstrap: { resamples: 300, method } });
      expect(resampled.bootstrap).toEqual({ resamples: 300, seed: 0, method, grouped: false });
      for (const { value, interval } of Object.values(resampled.metrics)) {
        expect(interval!.method).toBe(`bootstrap-${method}`);
        expect(interval!.lower).toBeLessThan(interval!.upper);
        expect(value).not.toBeNull();
      }
    }
  });

  it('leaves out samples without a known class, and their groups', () => {
    const hidden = {
      ...predictions,
      labels: predictions.labels.map((label, i) => (i % 4 === 0 ? -1 : label)),
    };
    const report = evaluatePredictions(hidden, {
      bootstrap: { resamples: 50, groups: hidden.ids.map((_, i) => `patient ${i >> 1}`) },
    });
    expect(report).toMatchObject({
      samples: 60,
      unlabelled: 20,
      bootstrap: { grouped: true },
      notes: ['Left out: 20 samples without a known class.'],
    });
    const kept = predictions.ids.flatMap((_, i) => (i % 4 === 0 ? [] : [i]));
    const alone = evaluatePredictions({
      classes: predictions.classes,
      ids: kept.map((i) => predictions.ids[i]),
      labels: Int32Array.from(kept, (i) => predictions.labels[i]),
      probabilities: Float64Array.from(
        kept.flatMap((i) => [...predictions.probabilities.subarray(3 * i, 3 * i + 3)]),
      ),
    });
    metricNames.forEach((name) =>
      expect(report.metrics[name].value).toBe(alone.metrics[name].value),
    );
  });

  it('names absent classes and the reason why a metric is not defined', () => {
    const report = evaluatePredictions(
      asPredictions(
        [0, 0, 1],
        [
          [0.8, 0.1, 0.1],
          [0.6, 0.3, 0.1],
          [0.7, 0.2, 0.1],
        ],
        ['none', 'mild', 'severe'],
      ),
    );
    expect(report.notes).toEqual([
      'Absent from the samples: "severe". Means over classes of AUC, average precision and sensitivity leave it out.',
      'Only a single sample: "mild". Resampling cannot vary it; DeLong\'s variance is not defined.',
      'Never predicted: "mild". The mean of precision leaves it out; its F1 is 0.',
    ]);
    expect(report.perClass[2]).toMatchObject({
      class: 'severe',
      support: 0,
      predicted: 0,
      auc: { value: null, undefinedBecause: 'class "severe" is absent' },
      sensitivity: { value: null, undefinedBecause: 'class "severe" is absent' },
      precision: { value: null, undefinedBecause: 'class "severe" is never predicted' },
      f1: { value: null, undefinedBecause: 'class "severe" is neither present nor predicted' },
    });
    expect(report.metrics.matthews).toEqual({
      value: null,
      undefinedBecause: 'every sample is predicted as class "none"',
    });
    expect(report.delong.undefinedBecause).toContain('single sample');
  });

  it.each([
    [
      'one class',
      asPredictions(
        [1, 1],
        [
          [0.4, 0.6],
          [0.3, 0.7],
        ],
      ),
      {
        auc: 'every sample is of class "grade 1"',
        cohenKappa: 'every sample is of class "grade 1"',
        matthews: 'every sample is of class "grade 1"',
      },
    ],
    [
      'no positives',
      asPredictions(
        [0, 0],
        [
          [0.4, 0.6],
          [0.7, 0.3],
        ],
      ),
      {
        averagePrecision: 'no sample of class "grade 1" is present',
        auc: 'every sample is of class "grade 0"',
      },
    ],
    [
      'no known classes',
      asPredictions([-1], [[0.4, 0.6]]),
      Object.fromEntries(metricNames.map((name) => [name, 'no sample has a known class'])),
    ],
    [
      'no samples',
      asPredictions([], [], ['a', 'b']),
      Object.fromEntries(metricNames.map((name) => [name, 'no sample has a known class'])),
    ],
  ])('gives the reason for every null with %s', (_, given, reasons) => {
    const { metrics } = evaluatePredictions(given, { bootstrap: { resamples: 20 } });
    expect(
      Object.fromEntries(
        Object.entries(metrics)
          .filter(([, { value }]) => value === null)
          .map(([name, { undefinedBecause }]) => [name, undefinedBecause]),
      ),
    ).toMatchObject(reasons);
    expect(JSON.stringify(metrics)).not.toContain('NaN');
  });

  it('does not claim certainty when every prediction is correct', () => {
    const perfect = asPredictions(
      [0, 0, 0, 1, 1, 1],
      [
        [0.9, 0.1],
        [0.8, 0.2],
        [0.7, 0.3],
        [0.1, 0.9],
        [0.2, 0.8],
        [0.3, 0.7],
      ],
    );
    const { metrics } = evaluatePredictions(perfect, { bootstrap: { resamples: 100 } });
    expect(metrics.accuracy).toMatchObject({ value: 1, interval: { method: 'wilson', upper: 1 } });
    expect(metrics.accuracy.interval!.lower).toBeCloseTo(0.6097, 4); // statsmodels proportion_confint(6, 6, method='wilson')
    expect(metrics.auc).toEqual({
      value: 1,
      noIntervalBecause: 'no error on these samples, so resampling them shows no variation',
    });
    const constant = asPredictions(
      [0, 0, 1, 1],
      [0.9, 0.8, 0.7, 0.6].map((p) => [p, 1 - p]),
    );
    expect(
      evaluatePredictions(constant, { bootstrap: { resamples: 100 } }).metrics.sensitivity,
    ).toEqual({ value: 0.5, noIntervalBecause: 'all resamples give the same value' });
  });

  it('lists everything that cannot be used, with the id of the sample', () => {
    const broken = {
      ...predictions,
      ids: predictions.ids.map((id, i) => (i === 1 ? predictions.ids[0] : id)),
      probabilities: predictions.probabilities.map((p, i) => (i === 7 ? NaN : p)),
      labels: predictions.labels.map((label, i) => (i === 5 ? 3 : label)),
    };
    expect(() => evaluatePredictions(broken)).toThrow(
      /3 problems:[\s\S]*"image-0.png" is listed twice[\s\S]*sample "image-5.png": 3 is not a class index[\s\S]*sample "image-2.png": NaN for class 1/,
    );
    expect(() => evaluatePredictions({ ...predictions, classes: ['a', 'b'] })).toThrow(RangeError);
    expect(() => evaluatePredictions(asPredictions([0], [[1]], ['only']))).toThrow('only 1 given');
    expect(() => evaluatePredictions(predictions, { confidence: 2 })).toThrow('got 2');
    expect(() => evaluatePredictions(predictions, { bootstrap: { groups: ['x'] } })).toThrow(
      'groups has 1 entries',
    );
  });

  it('sorts the samples as often with many resamples as with few', () => {
    const sort = vi.spyOn(Int32Array.prototype, 'sort');
    const sortsWith = (resamples: number): number => {
      sort.mockClear();
      evaluatePredictions(predictions, { bootstrap: { resamples } });
      return sort.mock.calls.length;
    };
    const few = sortsWith(2);
    expect(few).toBeGreaterThan(0);
    expect(sortsWith(40)).toBe(few);
    sort.mockRestore();
  });
});

/** Four copies of each image, which belong to one patient. */
const fourOfEach = ({ classes, ids, labels, probabilities }: Predictions): Predictions => {
  const copies = ids.flatMap((_, i) => [i, i, i, i]);
  return {
    classes,
    ids: copies.map((i, copy) => `${ids[i]}, copy ${copy % 4}`),
    labels: Int32Array.from(copies, (i) => labels[i]),
    probabilities: Float64Array.from(
      copies.flatMap((i) => [
        ...probabilities.subarray(i * classes.length, (i + 1) * classes.length),
      ]),
    ),
    groups: copies.map((i) => ids[i]),
  };
};

describe('evaluatePredictions of predictions with groups', () => {
  const single = randomPredictions({ count: 60, classes: 3, sharpness: 1, name: 'groups' });

  it('has the same intervals if every image of a patient is there four times', () => {
    const of = (predictions: Predictions): (string | null)[] =>
      Object.values(
        evaluatePredictions(predictions, { bootstrap: { resamples: 200, seed: 5 } }).metrics,
      ).map(({ interval }) =>
        interval === undefined ? null : `${interval.lower.toFixed(9)} ${interval.upper.toFixed(9)}`,
      );
    const alone = of({ ...single, groups: single.ids });
    expect(of(fourOfEach(single))).toEqual(alone);
    expect(of({ ...fourOfEach(single), groups: undefined })).not.toEqual(alone);
  });

  it('counts patients where resampling shows no variation', () => {
    const perfect = asPredictions(
      [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
      Array.from({ length: 12 }, (_, i) => (i < 6 ? [0.9, 0.1] : [0.2, 0.8])),
    );
    const groups = perfect.ids.map((_, i) => `patient ${i >> 1}`);
    const lowerOf = (options: object): number[] => {
      const { metrics, perClass } = evaluatePredictions({ ...perfect, groups }, options);
      return [metrics.accuracy, perClass[1].sensitivity, perClass[1].specificity].map(
        ({ interval }) => interval!.lower,
      );
    };
    // statsmodels proportion_confint(n, n, method='wilson') for 6 and 3 patients, 12 and 6 images.
    const [six, three, twelve] = [0.609666, 0.438503, 0.757506];
    const [accuracy, sensitivity, specificity] = lowerOf({ bootstrap: { resamples: 50 } });
    expect(accuracy).toBeCloseTo(six, 5);
    expect(sensitivity).toBeCloseTo(three, 5);
    expect(specificity).toBeCloseTo(three, 5);
    expect(lowerOf({})[0]).toBeCloseTo(twelve, 5);
  });

  it('counts the patients of each class', () => {
    const { perClass } = evaluatePredictions(fourOfEach(single));
    for (const { groups, support } of perClass) expect(support).toBe(4 * groups!);
    expect(evaluatePredictions(single).perClass[0]).not.toHaveProperty('groups');
  });

  it('rejects groups that are not one per sample', () => {
    expect(() => evaluatePredictions({ ...single, groups: ['a'] })).toThrow('groups has 1 entries');
  });
});

describe('comparePredictions of predictions with groups', () => {
  const a = randomPredictions({ count: 60, classes: 3, sharpness: 1, name: 'a' });
  const b = randomPredictions({ count: 60, classes: 3, sharpness: 0.5, name: 'b' });

  it('replaces tests of independent images by the bootstrap over patients', () => {
    const options = { resamples: 200, metrics: ['accuracy'] } as const;
    const { groups, accuracy, auc, metrics } = comparePredictions(
      fourOfEach(a),
      { ...fourOfEach(b), groups: undefined },
      options,
    );
    expect(groups).toBe(60);
    expect(accuracy).toBeNull();
    const alone = comparePredictions({ ...a, groups: a.ids }, b, options);
    expect(auc.lower).toBeCloseTo(alone.auc.lower!, 9);
    expect(auc.pValue).toBe(alone.auc.pValue);
    expect(auc.z).toBeNull();
    expect(metrics.accuracy!.upper).toBeCloseTo(alone.metrics.accuracy!.upper!, 9);
    expect(comparePredictions(a, b, options).groups).toBeNull();
  });
});

describe('comparePredictions', () => {
  const a = randomPredictions({ count: 100, classes: 3, sharpness: 2, name: 'a' });
  const b = randomPredictions({ count: 100, classes: 3, sharpness: 0.5, name: 'b' });

  it('agrees between bootstrap, DeLong and McNemar', () => {
    const comparison = comparePredictions(a, b, {
      resamples: 300,
      metrics: ['auc', 'accuracy', 'logLoss'],
    });
    expect(Object.keys(comparison.metrics)).toEqual(['auc', 'accuracy', 'logLoss']);
    expectClose(comparison.metrics.auc!.difference, comparison.auc.difference);
    expectClose(comparison.metrics.accuracy!.difference, comparison.accuracy!.difference);
    expect(comparison.auc.pValue).toBeLessThan(0.01);
    expect(comparison.accuracy!.midPValue).toBeLessThan(0.05);
    expect(comparison.metrics.logLoss!.upper).toBeLessThan(0);
    const ratio =
      (comparison.metrics.auc!.upper! - comparison.metrics.auc!.lower!) /
      (comparison.auc.upper! - comparison.auc.lower!);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  });

  it('averages several models', () => {
    const comparison = comparePredictions([a, b], [b, a], { resamples: 50 });
    expect(comparison).toMatchObject({ modelsA: 2, modelsB: 2, samples: 100, accuracy: null });
    expectClose(comparison.auc.difference, 0);
    expect(Object.keys(comparison.metrics)).toEqual([...metricNames]);
  });

  it('gives the reason when a metric is not defined', () => {
    const oneClass = { ...a, labels: new Int32Array(100) };
    expect(
      comparePredictions(
        oneClass,
        { ...b, labels: new Int32Array(100) },
        { resamples: 20, metrics: ['auc'] },
      ),
    ).toMatchObject({
      auc: { difference: null, undefinedBecause: 'fewer than two classes are present' },
      metrics: {
        auc: {
          difference: null,
          pValue: null,
          undefinedBecause: 'the metric is not defined on these samples',
        },
      },
    });
  });
});
