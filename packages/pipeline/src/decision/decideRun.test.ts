import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import {
  applyCalibration,
  binarySamples,
  chooseDecision,
  decidePredictions,
  testDecision,
} from '@nonlocal-med/metrics';
import {
  readDecision,
  readRun,
  readTestDecisions,
  readTestPredictions,
  readValidationPredictions,
  runFiles,
  type RunMetrics,
} from '@nonlocal-med/runs';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig } from '../config/parseRunConfig.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';

const root = await temporaryFolder('decide-run');

describe('a run with a validation set and patients', () => {
  const folder = join(root, 'run');
  let metrics: RunMetrics;
  let config: RunConfig;

  beforeAll(async () => {
    const images = await imageFolder(join(root, 'images'), { images: 48 });
    config = parseRunConfig({
      data: { path: images, groupPattern: '^image-(\\d+)' },
      split: { test: 0.3, validation: 0.4 },
      preprocessing: { size: 48 },
      model: { name: 'shufflenetv2', width: 0.5 },
      training: { epochs: 1, batchSize: 8 },
      loader: { workers: 0 },
      explanations: { images: 0 },
      seed: 3,
    });
    ({ metrics } = (await startRun(config, { folder })) as { metrics: RunMetrics });
  });

  it('writes the predictions for the validation set with its patients', async () => {
    const [validation, test] = [
      await readValidationPredictions(folder, 'selected'),
      await readTestPredictions(folder, 'selected'),
    ];
    expect(validation!.ids).toHaveLength(metrics.images.validation);
    expect(validation!.ids.some((id) => test.ids.includes(id))).toBe(false);
    expect(new Set(validation!.groups).size).toBeLessThanOrEqual(validation!.ids.length);
  });

  it('records the decision with the run and with the exported model, as chosen from these predictions', async () => {
    const validation = (await readValidationPredictions(folder, 'selected'))!;
    const record = await readDecision(folder);
    expect(record).toEqual({
      version: 1,
      weights: 'selected',
      classes: metrics.classes,
      ...chooseDecision(validation),
    });
    expect(await readDecision(join(folder, runFiles.model))).toEqual(record);
    const [point] = record!.points;
    const { labels, scores } = binarySamples(validation, point.positive);
    expect(labels.filter((label) => label === 1)).toHaveLength(point.positives);
    expect(
      labels.filter((label, i) => label === 1 && scores[i] >= point.threshold).length /
        point.positives,
    ).toBe(point.sensitivity);
  });

  it('reports it on the test set in metrics.json, for both choices of weights', async () => {
    for (const weights of ['last', 'selected'] as const) {
      const decision = chooseDecision((await readValidationPredictions(folder, weights))!);
      const test = await readTestPredictions(folder, weights);
      expect(metrics.decision?.[weights]).toEqual(testDecision(test, decision, { seed: 3 }));
    }
    const { metrics: read } = await readRun(folder);
    expect(read?.decision).toEqual(metrics.decision);
  });

  it('writes what is decided about each test image, for both choices of weights', async () => {
    for (const weights of ['last', 'selected'] as const) {
      const decision = chooseDecision((await readValidationPredictions(folder, weights))!);
      const test = { ...(await readTestPredictions(folder, weights)), groups: undefined };
      const { predictions, names, decisions } = (await readTestDecisions(folder, weights))!;
      expect(predictions).toEqual(test);
      expect(names).toEqual(decision.points.map(({ positive }) => positive.join('+')));
      expect(decisions).toEqual(
        decidePredictions(test, decision).decisions.map((image) =>
          image.map(({ isPositive, margin }) => ({ isPositive, margin })),
        ),
      );
      const { test: tested } = metrics.decision![weights]!.points[0];
      const { labels } = binarySamples(test, decision.points[0].positive);
      const found = decisions.filter(([{ isPositive }], i) => isPositive && labels[i] === 1);
      expect(found).toHaveLength(tested.sensitivity.count);
    }
  });

  it('reports a damaged decision.json', async () => {
    const damaged = join(root, 'damaged');
    await mkdir(damaged);
    const text = await readFile(join(folder, 'decision.json'), 'utf8');
    await writeFile(join(damaged, 'decision.json'), text.replace('"threshold":', '"cut":'));
    await expect(readDecision(damaged)).rejects.toThrow(
      'decision.json: points.0.threshold: missing',
    );
    expect(await readDecision(root)).toBeNull();
  });
});

describe('a run with wanted operating points', () => {
  const classes = ['no dots', 'dots'];

  it('chooses these, on calibrated probabilities if they are wanted', async () => {
    const config = tinyConfig({
      decision: { operatingPoints: ['dots: sensitivity>=0.9', 'f1'], calibrated: true },
      training: { epochs: 1 },
    });
    const { metrics } = await startRun(config, { folder: join(root, 'wanted') });
    expect(metrics!.classes).toEqual(classes);
    const record = (await readDecision(join(root, 'wanted')))!;
    expect(record.points.map(({ positive, goal }) => [positive, goal.kind])).toEqual([
      [['dots'], 'sensitivity'],
      [['dots'], 'f1'],
    ]);
    expect(record.calibrated).toBe(record.calibration.method === 'temperature');
    const used = record.calibrated ? record.calibratedPoints : record.points;
    expect(metrics!.decision!.selected!.points.map(({ chosen }) => chosen)).toEqual(used);
    const { predictions, names } = (await readTestDecisions(join(root, 'wanted'), 'selected'))!;
    const test = await readTestPredictions(join(root, 'wanted'), 'selected');
    expect(predictions.probabilities).toEqual(
      (record.calibrated ? applyCalibration(test, record.calibration) : test).probabilities,
    );
    expect(names).toEqual(['dots:sensitivity>=0.9', 'dots:f1']);
  });

  it('is refused before it is trained where there is no validation set, or a class is unknown', async () => {
    expect(() =>
      tinyConfig({ decision: { operatingPoints: ['youden'] }, split: { validation: 0 } }),
    ).toThrow(
      'decision.operatingPoints: there is no validation set to choose on; a threshold that is chosen on the test set would look better there than on other images (train with a validation set: --validation 0.2 (in a cross-validation, a part of the training folds), or validation images in the given split)',
    );
    const unknown = tinyConfig({ decision: { operatingPoints: ['dot: youden', 'dots: f1'] } });
    await expect(startRun(unknown, { folder: join(root, 'unknown') })).rejects.toThrow(
      'decision.operatingPoints: unknown class "dot" (did you mean "dots"? known: no dots, dots)',
    );
    await expect(readRun(join(root, 'unknown'))).rejects.toThrow(InputError);
  });

  it('has no decision without a validation set, and is complete', async () => {
    const config = tinyConfig({ split: { validation: 0 }, training: { epochs: 1 } });
    const { metrics } = await startRun(config, { folder: join(root, 'none') });
    expect(metrics!.decision).toBeUndefined();
    expect(await readDecision(join(root, 'none'))).toBeNull();
    expect(await readValidationPredictions(join(root, 'none'), 'last')).toBeNull();
    expect(await readTestDecisions(join(root, 'none'), 'last')).toBeNull();
  });
});
