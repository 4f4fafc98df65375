import type { Predictions } from '@nonlocal-med/core';
import { comparePredictions, evaluatePredictions } from '@nonlocal-med/metrics';
import { describe, expect, it } from 'vitest';
import { comparisonTable } from './comparisonTable.js';
import { describeComparison } from './describeComparison.js';
import { evaluationRemarks } from './evaluationRemarks.js';
import { evaluationTable } from './evaluationTable.js';
import { formatPValue } from './numberText.js';

/** Two classes, 40 samples; a higher `skill` separates the scores of the classes. */
function predictions(skill: number): Predictions {
  const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
  const scores = Array.from(
    labels,
    (label, i) => 1 / (1 + Math.exp(-(skill * (label - 0.5) + Math.sin(7 * i)))),
  );
  return {
    classes: ['none', 'some'],
    ids: scores.map((_, i) => `image-${i}`),
    labels,
    probabilities: Float64Array.from(scores.flatMap((score) => [1 - score, score])),
  };
}

describe('evaluationRemarks', () => {
  it('says why a value or an interval is missing, and which class is absent', () => {
    const { classes, ids, probabilities } = predictions(1);
    const labels = new Int32Array(40).fill(1);
    const report = evaluatePredictions(
      { classes, ids, labels, probabilities },
      { bootstrap: { seed: 0, resamples: 200 } },
    );
    expect(evaluationRemarks(report)).toEqual([
      'Not defined: AUC (every sample is of class "some").',
      'No interval: quadratic kappa (all resamples give the same value).',
      'Absent from the samples: "none". Means over classes of AUC, average precision and sensitivity leave it out.',
    ]);
    const perfect = evaluatePredictions(predictions(1000), {
      bootstrap: { seed: 0, resamples: 200 },
    });
    expect(evaluationRemarks(perfect)).toEqual([
      'No interval: AUC, sensitivity, accuracy (one-vs-rest), quadratic kappa (no error on these samples, so resampling them shows no variation).',
    ]);
  });

  it('has nothing to say if everything is there', () => {
    const report = evaluatePredictions(predictions(1), { bootstrap: { seed: 0, resamples: 200 } });
    expect(evaluationRemarks(report)).toEqual([]);
  });
});

describe('evaluationTable', () => {
  it('shows metrics with their intervals', () => {
    const report = evaluatePredictions(predictions(1), { bootstrap: { seed: 0, resamples: 200 } });
    const { columns, rows } = evaluationTable([{ name: 'resnet18', report, ordered: true }]);
    expect(columns.map(({ title }) => title)).toEqual([
      '',
      'AUC',
      'sensitivity',
      'accuracy (one-vs-rest)',
      'accuracy (top-1)',
      'quadratic kappa',
    ]);
    expect(rows[0][0]).toBe('resnet18');
    expect(rows[0][1]).toMatch(/^0\.\d{3} \(0\.\d\d to [01]\.\d\d\)$/);
  });

  it('shows a dash for a metric that is not defined', () => {
    const oneClass = { ...predictions(1), labels: new Int32Array(40) };
    const { rows } = evaluationTable([{ name: 'x', report: evaluatePredictions(oneClass) }]);
    expect(rows[0][1]).toBe('-');
  });
});

describe('comparisonTable', () => {
  const comparison = comparePredictions(predictions(3), predictions(0.2), {
    seed: 0,
    resamples: 200,
  });
  const { rows } = comparisonTable(['baseline', 'method'], comparison);
  const rowOf = (title: string): readonly string[] => rows.find(([name]) => name === title)!;

  it('subtracts the first model from the second', () => {
    const [, baseline, method, difference] = rowOf('AUC');
    expect(Number(method)).toBeGreaterThan(Number(baseline));
    expect(difference).toMatch(/^\+0\.\d{3} \(/);
  });

  it("takes McNemar's mid-p for top-1 accuracy and DeLong's test for AUC", () => {
    expect(rowOf('accuracy (top-1)')[4]).toBe(formatPValue(comparison.accuracy!.midPValue));
    expect(rowOf('AUC')[4]).toBe(formatPValue(comparison.auc.pValue));
  });
});

describe('describeComparison', () => {
  const describeSkills = (method: number, baseline: number): string =>
    describeComparison(
      ['baseline', 'method'],
      comparePredictions(predictions(method), predictions(baseline), { seed: 0, resamples: 100 }),
    );

  it('names the better model of a significant difference, in either direction', () => {
    expect(describeSkills(4, 0)).toMatch(
      /^method has the higher AUC, by 0\.\d{3}; the difference is statistically significant \(DeLong's test on 40 test images, p /,
    );
    expect(describeSkills(0, 4)).toMatch(/^baseline has the higher AUC/);
  });

  it('reports a difference that is not significant, and that each model was trained once', () => {
    expect(describeSkills(1, 1)).toMatch(
      /^The AUCs of baseline and method differ by 0\.000; the difference is not statistically significant .*p = 1\.000/,
    );
    expect(describeSkills(1, 1)).toContain('Each model was trained once.');
  });

  it('names the correction for several comparisons', () => {
    const comparison = comparePredictions(predictions(1), predictions(1), { resamples: 10 });
    expect(describeComparison(['a', 'b'], comparison, { adjusted: 0.5, comparisons: 3 })).toContain(
      "p = 0.500 after Holm's correction for 3 comparisons",
    );
  });
});
