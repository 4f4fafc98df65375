import { describe, expect, it } from 'vitest';
import { randomPredictions } from '../testing/randomPredictions.js';
import { comparePredictions } from './comparePredictions.js';
import { evaluatePredictions } from './evaluatePredictions.js';

const model = randomPredictions({ count: 60, classes: 2 });
const other = randomPredictions({ count: 60, classes: 2, name: 'b', sharpness: 2 });
/** The decisions of the other model without its probabilities. */
const reader = {
  ...other,
  decisionsOnly: true as const,
  probabilities: other.probabilities.map((p) => (p > 0.5 ? 1 : 0)),
};

describe('decisions without probabilities', () => {
  it('have the rates of the confusion matrix, and a reason instead of what needs probabilities', () => {
    const { metrics, perClass, delong, confusionMatrix } = evaluatePredictions(reader);
    const full = evaluatePredictions(other);
    expect(confusionMatrix).toEqual(full.confusionMatrix);
    for (const name of ['accuracy', 'sensitivity', 'specificity', 'f1', 'matthews'] as const)
      expect(metrics[name]).toEqual(full.metrics[name]);
    const missing = { value: null, undefinedBecause: 'only decisions are given, no probabilities' };
    for (const name of ['auc', 'averagePrecision', 'brierScore', 'calibrationError'] as const)
      expect(metrics[name]).toEqual(missing);
    expect(perClass[1].auc).toEqual(missing);
    expect(perClass[1].sensitivity).toEqual(full.perClass[1].sensitivity);
    expect(delong).toMatchObject({ auc: null, undefinedBecause: missing.undefinedBecause });
  });

  it("are compared by McNemar's test, and not by the AUC", () => {
    const comparison = comparePredictions(reader, model, { resamples: 50 });
    const full = comparePredictions(other, model, { resamples: 50 });
    expect(comparison.accuracy).toEqual(full.accuracy);
    expect(comparison.metrics.sensitivity).toEqual(full.metrics.sensitivity);
    expect(comparison.metrics.auc).toMatchObject({
      a: null,
      b: full.metrics.auc!.b,
      difference: null,
      pValue: null,
    });
    expect(comparison.auc).toMatchObject({ aucA: null, aucB: full.auc.aucB, pValue: null });
  });
});
