import { join } from 'node:path';
import { evaluatePredictions, evaluateTask, reportedMetric } from '@nonlocal-med/metrics';
import { readTestPredictions } from '@nonlocal-med/runs';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { expect, it } from 'vitest';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { startRun } from './startRun.js';
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
  expect(reportedMetric(report, 'auc').value).toBe(0.4875);
});

it('resamples images if no sample has a patient', () => {
  expect(reportTest(predictions, samples, 3)).toEqual(
    evaluatePredictions(predictions, { bootstrap: { seed: 3 } }),
  );
});

it('records the patients of the test images, so that every interval can be computed again from the folder', async () => {
  const root = await temporaryFolder('patients');
  const images = await imageFolder(join(root, 'images'), { images: 48 });
  const config = parseRunConfig({
    data: { path: images, groupPattern: '^image-(\\d)' },
    split: { test: 0.4, validation: 0.2 },
    preprocessing: { size: 48 },
    model: { name: 'shufflenetv2', width: 0.5 },
    training: { epochs: 1, batchSize: 8 },
    loader: { workers: 0 },
    explanations: { images: 0 },
    seed: 3,
  });
  const folder = join(root, 'run');
  const { metrics } = await startRun(config, { folder });
  const predictions = await readTestPredictions(folder, 'last');
  expect(new Set(predictions.groups).size).toBeLessThan(predictions.ids.length);
  expect(metrics!.last.bootstrap).toMatchObject({ grouped: true });
  expect(evaluateTask(predictions, { bootstrap: { seed: config.seed } })).toEqual(metrics!.last);
});
