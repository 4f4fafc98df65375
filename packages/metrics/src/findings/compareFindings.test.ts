import { readFileSync } from 'node:fs';
import type { FindingPredictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { compareTask } from '../evaluate/taskReport.js';
import { intervalsOverSplits } from '../resampling/intervalsOverSplits.js';
import { expectClose } from '../testing/expectClose.js';
import { compareFindings } from './compareFindings.js';
import { evaluateFindings } from './evaluateFindings.js';

/** Numbers of scikit-learn, SciPy and statsmodels from test/golden/make_compare_findings.py. */
interface Golden {
  readonly labels: number[][];
  readonly a: number[][];
  readonly b: number[][];
  readonly thresholds: number[];
  readonly patients: string[];
  readonly perFinding: Record<
    | 'labels'
    | 'aucA'
    | 'aucB'
    | 'standardError'
    | 'z'
    | 'pValue'
    | 'aucAdjusted'
    | 'onlyA'
    | 'onlyB'
    | 'midPValue'
    | 'accuracyAdjusted'
    | 'averagePrecision',
    number
  >[];
  readonly macro: [number, number];
  readonly micro: Record<'auc' | 'averagePrecision', [number, number]>;
  readonly grouped: Record<'lower' | 'upper' | 'standardError', number>;
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/compare_findings.json', import.meta.url), 'utf8'),
) as Golden;

const findings = ['effusion', 'mass of liver', 'nodule', 'edema'];
const asPredictions = (probabilities: number[][]): FindingPredictions => ({
  findings,
  ids: golden.labels.map((_, i) => `image-${i}`),
  labels: Int32Array.from(golden.labels.flat()),
  probabilities: Float64Array.from(probabilities.flat()),
});
const a = asPredictions(golden.a);
const b = asPredictions(golden.b);

/** The same images from the last to the first. */
function reversed(predictions: FindingPredictions): FindingPredictions {
  const { ids } = predictions;
  const turn = (i: number): number => (ids.length - 1 - Math.floor(i / 4)) * 4 + (i % 4);
  return {
    ...predictions,
    ids: ids.toReversed(),
    labels: predictions.labels.map((_, i) => predictions.labels[turn(i)]),
    probabilities: predictions.probabilities.map((_, i) => predictions.probabilities[turn(i)]),
  };
}

describe('compareFindings, against scikit-learn, SciPy and statsmodels', () => {
  const thresholds = { thresholdsA: golden.thresholds, thresholdsB: golden.thresholds };
  const comparison = compareFindings(a, reversed(b), { resamples: 50, ...thresholds });

  it("has DeLong's and McNemar's test of each finding on its known labels, adjusted by Holm", () => {
    comparison.perFinding.forEach((found, f) => {
      const expected = golden.perFinding[f];
      expect(found).toMatchObject({ finding: findings[f], labels: expected.labels });
      for (const key of ['aucA', 'aucB', 'standardError', 'z', 'pValue'] as const)
        expectClose(found.auc[key], expected[key]);
      expectClose(found.aucAdjusted, expected.aucAdjusted);
      expect(found.accuracy).toMatchObject({ onlyA: expected.onlyA, onlyB: expected.onlyB });
      expectClose(found.accuracy!.midPValue, expected.midPValue);
      expectClose(found.accuracyAdjusted, expected.accuracyAdjusted);
    });
  });

  it('has the values of both models in every metric', () => {
    const { metrics, auc } = comparison;
    expectClose(metrics.auc!.a, golden.macro[0]);
    expectClose(metrics.auc!.b, golden.macro[1]);
    expectClose(auc.difference, golden.macro[0] - golden.macro[1]);
    for (const name of ['auc', 'averagePrecision'] as const) {
      expectClose(metrics[`micro ${name}`]!.a, golden.micro[name][0]);
      expectClose(metrics[`micro ${name}`]!.b, golden.micro[name][1]);
    }
    expectClose(
      metrics['averagePrecision of mass of liver']!.difference,
      golden.perFinding[1].averagePrecision,
    );
    const report = evaluateFindings(a, { thresholds: golden.thresholds });
    expect(metrics['sensitivity of nodule']!.a).toBe(report.perFinding[2].sensitivity.value);
    expect(metrics.specificity!.a).toBe(report.macro.specificity.value);
  });

  it('resamples whole patients where they are known, for every metric and finding', () => {
    const grouped = compareFindings(
      { ...a, groups: golden.patients },
      { ...b, groups: golden.patients },
      { metrics: ['auc'], resamples: 4000 },
    );
    expect(grouped.groups).toBe(50);
    expect(Object.keys(grouped.metrics)).toEqual(['auc']);
    const { lower, upper, standardError, z } = grouped.auc;
    // The noise of a percentile of 4,000 resamples is about 3 % of the standard error.
    const tolerance = 0.15 * golden.grouped.standardError;
    expectClose(lower, golden.grouped.lower, tolerance);
    expectClose(upper, golden.grouped.upper, tolerance);
    expectClose(standardError, golden.grouped.standardError, tolerance);
    expect(z).toBeNull();
    for (const { auc, accuracy } of grouped.perFinding) {
      expect(auc.z).toBeNull();
      expect(auc.pValue).toBeGreaterThan(0);
      expect(accuracy).toBeNull();
    }
  });

  it('averages several models', () => {
    const both = compareFindings([a, b], b, { metrics: ['auc'], resamples: 20 });
    expect([both.modelsA, both.modelsB]).toEqual([2, 1]);
    expectClose(both.auc.aucA, (golden.macro[0] + golden.macro[1]) / 2);
    expectClose(
      both.perFinding[0].auc.aucA,
      (golden.perFinding[0].aucA + golden.perFinding[0].aucB) / 2,
    );
    expect(both.perFinding[0].accuracy).toBeNull();
  });

  it('computes the requested metrics as it does all', () => {
    const names = ['f1 of edema', 'micro auc', 'brierScore'] as const;
    const some = compareFindings(a, b, { metrics: names, resamples: 50, ...thresholds });
    expect(Object.keys(some.metrics)).toEqual([...names]);
    for (const name of names) expect(some.metrics[name]).toEqual(comparison.metrics[name]);
  });

  it('leaves out images without any known label', () => {
    const none = { ...a, labels: a.labels.map((label, i) => (i < 8 ? -1 : label)) };
    expect(compareFindings(none, none, { metrics: ['auc'], resamples: 5 }).samples).toBe(148);
  });

  it('refuses other images, labels, findings, tasks and metrics by name', () => {
    const compare = (other: FindingPredictions): unknown =>
      compareFindings(a, other, { resamples: 5 });
    expect(() => compare({ ...b, ids: ['x', ...b.ids.slice(1)] })).toThrow(
      'image "image-0" of predictions 1 is missing',
    );
    expect(() => compare({ ...b, labels: b.labels.map(() => 0) })).toThrow(
      `image "image-0" has labels 0, 0, 0, 0, but ${golden.labels[0].join(', ')} in predictions 1`,
    );
    expect(() => compare({ ...b, findings: ['a', 'b', 'c', 'd'] })).toThrow(
      'findings are a, b, c, d (those of predictions 1: effusion, mass of liver, nodule, edema)',
    );
    const ofClasses = {
      classes: findings,
      ids: a.ids,
      labels: new Int32Array(150),
      probabilities: new Float64Array(600).fill(0.25),
    };
    expect(() => compareTask(a, ofClasses, { resamples: 5 })).toThrow(
      'classes are effusion, mass of liver, nodule, edema (those of predictions 1: effusion, mass of liver, nodule, edema (findings))',
    );
    expect(() => compareFindings(a, b, { metrics: ['auc of liver'] })).toThrow(
      'unknown metric "auc of liver" (known: auc of effusion, ',
    );
  });
});

describe('intervalsOverSplits of findings', () => {
  it('is the bootstrap of the mean over repeats, with images matched by id', () => {
    const names = ['auc', 'micro averagePrecision', 'auc of nodule'] as const;
    const grouped = { ...a, groups: golden.patients };
    const once = intervalsOverSplits([grouped], names, { resamples: 300 });
    const twice = intervalsOverSplits([grouped, reversed(a)], names, { resamples: 300 });
    const { perFinding, macro, micro } = evaluateFindings(grouped, {
      bootstrap: { resamples: 300 },
    });
    const [auc, precision, nodule] = [macro.auc, micro.averagePrecision, perFinding[2].auc];
    [auc, precision, nodule].forEach((estimate, i) => {
      expectClose(once[names[i]].estimate, estimate.value);
      expectClose(once[names[i]].lower, estimate.interval!.lower);
      expectClose(twice[names[i]].lower, estimate.interval!.lower);
      expectClose(twice[names[i]].upper, estimate.interval!.upper);
    });
  });

  it('refuses repeats that disagree on an image', () => {
    const other = {
      ...a,
      labels: a.labels.map((label, i) => (i === 5 ? 1 - Math.abs(label) : label)),
    };
    expect(() => intervalsOverSplits([a, other], ['auc'], { resamples: 5 })).toThrow(
      /image "image-1" has labels .* in an earlier repeat/,
    );
  });
});
