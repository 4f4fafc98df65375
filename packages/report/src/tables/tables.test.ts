import type { Predictions } from '@nonlocal-med/core';
import { comparePredictions, evaluatePredictions } from '@nonlocal-med/metrics';
import { describe, expect, it } from 'vitest';
import { comparisonTable } from './comparisonTable.js';
import { describeComparison } from './describeComparison.js';
import { evaluationTable } from './evaluationTable.js';

/** Two classes, 40 samples; `skill` moves the scores of the second class up. */
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

describe('evaluationTable', () => {
  it('shows each metric with its interval, and a dash for what is not defined', () => {
    const { columns, rows } = evaluationTable([
      {
        name: 'resnet18',
        report: evaluatePredictions(predictions(1), { bootstrap: { seed: 0, resamples: 200 } }),
      },
    ]);
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
    const oneClass = { ...predictions(1), labels: new Int32Array(40) };
    expect(evaluationTable([{ name: 'x', report: evaluatePredictions(oneClass) }]).rows[0][1]).toBe(
      '-',
    );
  });
});

describe('comparing two models', () => {
  it('puts the second minus the first, with the tests that belong to each metric', () => {
    const comparison = comparePredictions(predictions(3), predictions(0.2), {
      seed: 0,
      resamples: 200,
    });
    const { rows } = comparisonTable(['baseline', 'method'], comparison);
    const auc = rows.find(([name]) => name === 'AUC')!;
    expect(Number(auc[2])).toBeGreaterThan(Number(auc[1]));
    expect(auc[3]).toMatch(/^\+0\.\d{3} \(/);
    expect(rows.find(([name]) => name === 'accuracy (top-1)')![4]).toBe(
      comparison.accuracy!.midPValue < 0.001
        ? '< 0.001'
        : comparison.accuracy!.midPValue.toFixed(3),
    );
  });

  it('says whether the difference is more than chance, whichever way it goes', () => {
    const say = (a: number, b: number): string =>
      describeComparison(
        ['baseline', 'method'],
        comparePredictions(predictions(a), predictions(b), { seed: 0, resamples: 100 }),
      );
    expect(say(4, 0)).toMatch(/^method has the higher AUC, by 0\.\d{3}; that is more than chance/);
    expect(say(0, 4)).toMatch(/^baseline has the higher AUC/);
    expect(say(1, 1)).toMatch(
      /^The AUCs of baseline and method differ by 0\.000, no more than chance .*p = 1\.000/,
    );
    expect(say(1, 1)).toContain('one training of each');
  });
});
