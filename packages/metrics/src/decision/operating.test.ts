import { readFileSync } from 'node:fs';
import { createRandom } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { type BinarySamples, binarySamples } from './binarySamples.js';
import { compareOperatingPoints } from './compareOperatingPoints.js';
import { chooseOperatingPoint, type OperatingGoal } from './operatingPoint.js';
import { type DecisionRateName, evaluateOperatingPoint } from './operatingReport.js';

/** Numbers of scikit-learn and SciPy from test/golden/make_operating.py. */
interface Golden {
  readonly cases: {
    readonly name: string;
    readonly labels: number[];
    readonly scores: number[];
    readonly choices: {
      goal: OperatingGoal;
      threshold: number;
      sensitivity: number;
      specificity: number;
    }[];
  }[];
  readonly test: {
    readonly labels: number[];
    readonly a: number[];
    readonly b: number[];
    readonly reports: {
      threshold: number;
      confidence: number;
      counts: [number, number, number, number];
      rates: Record<
        DecisionRateName,
        Record<'count' | 'total' | 'value' | 'lower' | 'upper', number>
      >;
    }[];
    readonly thresholds: [number, number];
    readonly mcnemar: Record<
      'sensitivity' | 'specificity' | 'accuracy',
      { onlyA: number; onlyB: number; exactPValue: number }
    >;
  };
}

const { cases, test } = JSON.parse(
  readFileSync(new URL('../../test/golden/operating.json', import.meta.url), 'utf8'),
) as Golden;

const asSamples = (
  labels: readonly number[],
  scores: readonly number[],
  groups?: readonly string[],
): BinarySamples => ({
  ids: labels.map((_, i) => `image-${i}`),
  labels: Int32Array.from(labels),
  scores: Float64Array.from(scores),
  ...(groups === undefined ? {} : { groups }),
});

describe.each(cases)(
  'chooseOperatingPoint on $name, against scikit-learn',
  ({ labels, scores, choices }) => {
    it.each(choices)('finds the threshold for $goal', ({ goal, ...expected }) => {
      const point = chooseOperatingPoint(labels, scores, { goal });
      expect(point.threshold).toBe(expected.threshold);
      expect([point.sensitivity, point.specificity]).toEqual([
        expected.sensitivity,
        expected.specificity,
      ]);
    });

    it.each(choices)('decides equally halfway to the next score, for $goal', ({ goal }) => {
      const onScore = chooseOperatingPoint(labels, scores, { goal }).threshold;
      const { threshold } = chooseOperatingPoint(labels, scores, { goal, placement: 'midpoint' });
      const lower = scores.filter((score) => score < onScore);
      if (lower.length > 0) expect(threshold).toBe((onScore + Math.max(...lower)) / 2);
      else expect(threshold).toBe(onScore);
      expect(scores.map((score) => score >= threshold)).toEqual(
        scores.map((score) => score >= onScore),
      );
    });
  },
);

describe('chooseOperatingPoint', () => {
  const choose = (goal: OperatingGoal, scores = [0.1, 0.4, 0.6, 0.9], labels = [0, 1, 1, 0]) =>
    chooseOperatingPoint(labels, scores, { goal });

  it('gives the nearest threshold, and says so, where none reaches the wish', () => {
    expect(choose({ kind: 'specificity', target: 0.9 })).toMatchObject({
      threshold: 0.4,
      specificity: 0.5,
      reached: false,
      statement:
        'No threshold has the wanted specificity: negative samples have the largest score. The nearest one, with 0.500, is given.',
    });
    expect(choose({ kind: 'cost', ratio: 0.2 })).toMatchObject({
      reached: false,
      statement:
        'Calling every sample negative costs less than any threshold; the nearest one is given.',
    });
    const reached = choose({ kind: 'specificity', target: 0.5 });
    expect(reached.reached).toBe(true);
    expect(reached.statement).toBeUndefined();
  });

  it('says when everything is called positive', () => {
    const point = choose({ kind: 'sensitivity', target: 1 }, [0.5, 0.5, 0.5, 0.5]);
    expect(point).toMatchObject({ threshold: 0.5, specificity: 0, reached: true });
    expect(point.statement).toBe('The threshold calls every sample positive.');
  });

  it('refuses a single class and numbers out of range', () => {
    expect(() => choose({ kind: 'youden' }, [0.1, 0.2], [1, 1])).toThrow(
      'labels: all 2 samples are positive (a threshold needs positive and negative samples; use a larger validation set)',
    );
    expect(() => choose({ kind: 'f1' }, [], [])).toThrow('there are no samples');
    expect(() => choose({ kind: 'sensitivity', target: 95 })).toThrow(
      'goal.target: 95 is out of range (the wanted sensitivity',
    );
    expect(() => choose({ kind: 'cost', ratio: 0 })).toThrow('goal.ratio: 0 is out of range');
    expect(() => choose({ kind: 'cost', ratio: 2, prevalence: 1 })).toThrow('goal.prevalence: 1');
    expect(() => choose({ kind: 'youden' }, [0.1, NaN, 0.2, 0.3])).toThrow(
      'scores[1]: the score is NaN',
    );
  });

  it('keeps the decision where no number lies between two scores', () => {
    const next = 0.5 + 2 ** -53;
    const { threshold } = chooseOperatingPoint([0, 1], [0.5, next], {
      goal: { kind: 'youden' },
      placement: 'midpoint',
    });
    expect(threshold).toBe(next);
  });
});

describe('evaluateOperatingPoint', () => {
  it.each(test.reports)(
    'equals scikit-learn and the exact interval of SciPy at $threshold',
    ({ threshold, confidence, counts, rates }) => {
      const report = evaluateOperatingPoint(asSamples(test.labels, test.a), threshold, {
        confidence,
      });
      const { truePositives, falsePositives, falseNegatives, trueNegatives } = report;
      expect([truePositives, falsePositives, falseNegatives, trueNegatives]).toEqual(counts);
      for (const [name, { count, total, value, lower, upper }] of Object.entries(rates)) {
        const found = report[name as DecisionRateName];
        expect(found).toMatchObject({ count, total });
        expectClose(found.value, value);
        expectClose(found.interval!.lower, lower);
        expectClose(found.interval!.upper, upper);
        expect(found.interval!.method).toBe('clopper-pearson');
      }
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    },
  );

  it('resamples whole patients', () => {
    const random = createRandom(3, 'patients');
    const labels: number[] = [];
    const scores: number[] = [];
    const patients: string[] = [];
    for (let patient = 0; patient < 60; patient++) {
      const score = random.uniform();
      // Five copies of one image carry no more information than one.
      for (let copy = 0; copy < 5; copy++) {
        labels.push(patient % 2);
        scores.push(score);
        patients.push(`patient ${patient}`);
      }
    }
    const bootstrap = { resamples: 500, seed: 1 };
    const width = (groups?: readonly string[]): number => {
      const report = evaluateOperatingPoint(asSamples(labels, scores, groups), 0.5, { bootstrap });
      if (groups !== undefined) expect(report.groups).toEqual({ positive: 30, negative: 30 });
      expect(report.sensitivity.interval!.method).toBe('bootstrap-percentile');
      return report.sensitivity.interval!.upper - report.sensitivity.interval!.lower;
    };
    expect(width(patients) / width()).toBeGreaterThan(1.7); // sqrt(5) = 2.2 in theory
  });

  it('gives the reason where a rate is not defined', () => {
    const report = evaluateOperatingPoint(asSamples([0, 0], [0.2, 0.3]), 0.5);
    expect(report.sensitivity).toMatchObject({
      value: null,
      undefinedBecause: 'no sample is positive',
    });
    expect(report.ppv.undefinedBecause).toBe('no sample is called positive');
    expect(report.specificity.value).toBe(1);
    expect(() => evaluateOperatingPoint(asSamples([0, 1], [0.2, 0.3]), NaN)).toThrow(
      'The threshold is NaN',
    );
  });
});

describe('compareOperatingPoints', () => {
  const { labels, a, b, thresholds, mcnemar } = test;
  const modelA = { samples: asSamples(labels, a), threshold: thresholds[0] };
  const other = asSamples(labels, b);
  const modelB = { samples: other, threshold: thresholds[1] };

  it("has McNemar's p values of SciPy among positives, negatives and all", () => {
    const found = compareOperatingPoints(modelA, modelB, { resamples: 50 });
    for (const name of ['sensitivity', 'specificity', 'accuracy'] as const) {
      const { exactPValue, ...counts } = mcnemar[name];
      expect(found.mcnemar[name]).toMatchObject(counts);
      expectClose(found.mcnemar[name].exactPValue, exactPValue);
      expectClose(found.rates[name].difference, found.mcnemar[name].difference);
    }
    const alone = evaluateOperatingPoint(other, thresholds[1]);
    for (const name of ['sensitivity', 'specificity', 'ppv', 'npv', 'accuracy'] as const)
      expectClose(found.rates[name].b, alone[name].value);
  });

  it('matches samples by id and refuses other images', () => {
    const reversed: BinarySamples = {
      ids: [...other.ids].reverse(),
      labels: other.labels.slice().reverse(),
      scores: other.scores.slice().reverse(),
    };
    const options = { resamples: 50 };
    expect(compareOperatingPoints(modelA, { ...modelB, samples: reversed }, options)).toEqual(
      compareOperatingPoints(modelA, modelB, options),
    );
    const renamed = { ...other, ids: other.ids.map((id) => id.replace('image-7', 'image_7')) };
    expect(() => compareOperatingPoints(modelA, { ...modelB, samples: renamed })).toThrow(
      'image "image-7" of predictions 1 is missing',
    );
  });
});

describe('binarySamples', () => {
  it('takes one class against the rest, and leaves out unknown labels', () => {
    const predictions = {
      classes: ['a', 'b', 'c'],
      ids: ['1', '2', '3'],
      labels: Int32Array.of(2, -1, 0),
      probabilities: Float64Array.of(0.2, 0.3, 0.5, 1, 0, 0, 0.5, 0.25, 0.25),
      groups: ['x', 'y', 'z'],
    };
    expect(binarySamples(predictions, 'c')).toEqual({
      ids: ['1', '3'],
      labels: Int32Array.of(1, 0),
      scores: Float64Array.of(0.5, 0.25),
      groups: ['x', 'z'],
    });
    expect(() => binarySamples(predictions, 'd')).toThrow(
      'positive: unknown class "d" (did you mean "a"? known: a, b, c)',
    );
  });

  it('takes one finding on its known labels', () => {
    const predictions = {
      findings: ['effusion', 'mass'],
      ids: ['1', '2', '3'],
      labels: Int32Array.of(1, 0, 0, -1, 0, 1),
      probabilities: Float64Array.of(0.9, 0.8, 0.1, 0.7, 0.2, 0.6),
    };
    expect(binarySamples(predictions, 'mass')).toEqual({
      ids: ['1', '3'],
      labels: Int32Array.of(0, 1),
      scores: Float64Array.of(0.8, 0.6),
    });
    expect(() => binarySamples(predictions, 'masss')).toThrow('unknown finding "masss"');
  });
});
