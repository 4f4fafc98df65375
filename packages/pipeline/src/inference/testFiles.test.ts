import { binarySamples, chooseDecision, testDecision } from '@nonlocal-med/metrics';
import { syntheticPredictions } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { type DecidedFile, decideFiles } from '../decision/decideFiles.js';
import type { ExportedModel } from './openExportedModel.js';
import type { PredictedFile } from './predictImages.js';
import { type LabeledPrediction, testFiles } from './testFiles.js';

const classes = ['none', 'some'];
const model = { task: 'multiclass', labels: classes } as unknown as ExportedModel;
const truth = syntheticPredictions({ classes, images: 60, skill: 1, seed: 1 });
const decision = chooseDecision(syntheticPredictions({ classes, images: 60, skill: 1, seed: 2 }));

/** The images as `predict` has them, two per patient. */
function predicted(calibrated: boolean): LabeledPrediction[] {
  const files = truth.ids.map((file, i) => ({
    file,
    probabilities: [...truth.probabilities.subarray(2 * i, 2 * i + 2)],
    predicted: 0,
  })) as unknown as PredictedFile[];
  const decided = decideFiles(files, classes, { ...decision, calibrated }) as DecidedFile[];
  return decided.map((file, i) => ({
    ...file,
    id: truth.ids[i],
    label: truth.labels[i],
    group: `patient ${i >> 1}`,
  }));
}

const seen = { images: 60, seen: [], checked: true, excluded: 0, includeSeen: false } as const;

describe('images with a known class', () => {
  it.each([false, true])(
    'are a test of the operating points by patient, calibrated: %s',
    (calibrated) => {
      const given = { ...decision, calibrated };
      const { decision: tested } = testFiles(model, predicted(calibrated), {
        seen,
        includeSeen: false,
        decision: given,
      });
      const groups = truth.ids.map((_, i) => `group patient ${i >> 1}`);
      expect(tested).toEqual(testDecision({ ...truth, groups }, given, { seed: 0 }));
      const [{ chosen, test }] = tested!.points;
      expect(test.groups!.positive).toBeGreaterThan(0);
      const { labels, scores } = binarySamples(truth, 'some');
      const found = scores.filter((score, i) => labels[i] === 1 && score >= chosen.threshold);
      if (!calibrated) expect(test.sensitivity.count).toBe(found.length);
    },
  );

  it('have no operating points with a model that has none', () =>
    expect(testFiles(model, predicted(false), { seen, includeSeen: false }).decision).toBeNull());
});
