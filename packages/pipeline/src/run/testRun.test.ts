import { evaluatePredictions } from '@nonlocal-med/metrics';
import { expect, it } from 'vitest';
import { reportTest } from './testRun.js';

const count = 40;
const ids = Array.from({ length: count }, (_, i) => `image-${i}`);
const predictions = {
  classes: ['a', 'b'],
  ids,
  labels: Int32Array.from(ids, (_, i) => (i >> 1) % 2),
  probabilities: Float64Array.from(
    ids.flatMap((_, i) => [0.5 + 0.4 * Math.sin(7 * i), 0.5 - 0.4 * Math.sin(7 * i)]),
  ),
};
const samples = ids.map((id, i) => ({ id, label: (i >> 1) % 2 }));

it('resamples whole patients in any order of the samples, and an image alone if it has no patient', () => {
  const patients = samples
    .map((sample, i) => (i === 0 ? sample : { ...sample, group: `patient ${i >> 1}` }))
    .reverse();
  const groups = ids.map((id, i) => (i === 0 ? `image ${id}` : `group patient ${i >> 1}`));
  const report = reportTest(predictions, patients, 3);
  expect(report).toEqual(evaluatePredictions(predictions, { bootstrap: { seed: 3, groups } }));
  expect(report.bootstrap?.grouped).toBe(true);
  // 195 of the 400 pairs of an image of class b and one of class a are ordered correctly
  expect(report.metrics.auc.value).toBe(0.4875);
});

it('resamples images if no sample has a patient', () => {
  expect(reportTest(predictions, samples, 3)).toEqual(
    evaluatePredictions(predictions, { bootstrap: { seed: 3 } }),
  );
});
