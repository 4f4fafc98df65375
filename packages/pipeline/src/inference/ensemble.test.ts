import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PixelValues } from '@nonlocal-med/core';
import { sha256 } from '@nonlocal-med/core/node';
import { useEngine } from '@nonlocal-med/engine';
import { averagePredictions, compareTask, reportedMetric } from '@nonlocal-med/metrics';
import { readRun, readTestPredictions } from '@nonlocal-med/runs';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { inClassOrder } from './alignMembers.js';
import { evaluateEnsemble } from './ensemble.js';
import { type MemberFacts, readMemberFacts, requireOneEnsemble } from './ensembleMembers.js';
import { findSeenByAny } from './findSeenByAny.js';
import { memberFolders } from './memberFolders.js';
import { openExportedModel } from './openExportedModel.js';
import { predictFiles } from './predictImages.js';
import { predictTogether } from './predictTogether.js';

const root = await temporaryFolder('ensemble');
const images = join(root, 'images');
const data = { path: images, cacheFolder: null };
const config = (seed: number, splitSeed: number): ReturnType<typeof parseRunConfig> =>
  parseRunConfig({
    ...tinyConfig(),
    data,
    model: { name: 'shufflenetv2', width: 0.5 },
    training: { epochs: 1, batchSize: 4 },
    split: { ...tinyConfig().split, seed: splitSeed },
    preprocessing: { size: seed === 1 ? 48 : 32 },
    test: seed === 2 ? { tta: 'flips' } : {},
    seed,
  });
const [first, second, elsewhere] = ['first', 'second', 'elsewhere'].map((name) => join(root, name));

beforeAll(async () => {
  await imageFolder(images);
  await startRun(config(1, 0), { folder: first });
  await startRun(config(2, 0), { folder: second });
  await startRun(config(3, 5), { folder: elsewhere });
});

describe('an ensemble of runs', () => {
  it('is tested on their common test set, with the mean of the probabilities, each with its own preprocessing', async () => {
    const { predictions, members, comparison, tta, report } = await evaluateEnsemble(
      [first, second],
      {},
    );
    const recorded = [await readTestPredictions(first), await readTestPredictions(second)];
    expect(predictions.probabilities).toEqual(averagePredictions(recorded).probabilities);
    const expected = compareTask(averagePredictions(recorded), recorded, {
      metrics: ['auc'],
    });
    expect(comparison.auc).toEqual(expected.auc);
    expect([comparison.modelsA, comparison.modelsB]).toEqual([1, 2]);
    expect(reportedMetric(report, 'auc').interval).toBeDefined();
    expect(tta).toBeNull();
    expect(members.map(({ folder, weights }) => [folder, weights])).toEqual([
      [first, 'selected'],
      [second, 'selected'],
    ]);
    expect(new Set(members.map(({ weightsSha256 }) => weightsSha256)).size).toBe(2);
  });

  it('is refused with the numbers where the test images of one were used to train another', async () => {
    await expect(evaluateEnsemble([first, elsewhere], {})).rejects.toThrow(
      /elsewhere: was tested on \d+ images, of which \d+ are among the \d+ of .*first: its other test images were used to train other members/,
    );
  });

  it('is tested on images of a data set that no member has seen', async () => {
    await useEngine(config(1, 0).engine);
    const { predictions, members } = await evaluateEnsemble([first, elsewhere], { data });
    const tested = await Promise.all([first, elsewhere].map((run) => readTestPredictions(run)));
    const both = tested[0].ids.filter((id) => tested[1].ids.includes(id));
    expect([...predictions.ids].sort()).toEqual([...both].sort());
    expect(members.map(({ seen }) => seen!.excluded > 0)).toEqual([true, true]);
    const weights = await readFile(join(first, 'model', 'weights.bin'));
    expect(members[0].weightsSha256).toBe(sha256(weights));
  });

  it('may have test-time augmentation, compared with the single model, whose results are those of the run', async () => {
    const { predictions, comparison, tta } = await evaluateEnsemble([first], { tta: 'd4' });
    const recorded = await readTestPredictions(first);
    expect(tta).toBe('d4');
    expect(predictions.ids).toEqual(recorded.ids);
    expect(predictions.probabilities).not.toEqual(recorded.probabilities);
    expect(comparison.auc.aucB).toBe(
      compareTask(recorded, recorded, { metrics: ['auc'], resamples: 1 }).auc.aucA,
    );
  });
});

describe('a run that is tested with test-time augmentation', () => {
  it('records the mean over the views beside its own predictions', async () => {
    const { views, predictions } = await readRun(second);
    const { predictions: mean, comparison } = await evaluateEnsemble([second], { tta: 'flips' });
    expect(views!.flips!.selected!.probabilities).toEqual(mean.probabilities);
    expect(views!.flips!.last!.ids).toEqual(predictions.last!.ids);
    const own = compareTask(predictions.selected!, predictions.selected!, { resamples: 1 });
    expect(comparison.auc.aucB).toBe(own.auc.aucB);
  });
});

describe('an ensemble of runs for several findings', () => {
  const [one, two] = ['findings-1', 'findings-2'].map((name) => join(root, name));
  const manifest = join(root, 'findings.csv');

  beforeAll(async () => {
    const files = await readdir(images, { recursive: true });
    const rows = files
      .filter((file) => file.endsWith('.png'))
      .map((file, i) => `images/${file},${i % 2},${i % 3 === 0 ? 1 : 0}`);
    await writeFile(manifest, ['file,edema,mass', ...rows].join('\n'));
    for (const [seed, folder] of [one, two].entries()) {
      await startRun(
        parseRunConfig({
          ...config(2, 0),
          data: { path: manifest, labelColumns: ['edema', 'mass'], cacheFolder: null },
          seed,
        }),
        { folder },
      );
    }
  });

  it('has the mean probability of each finding, also over views', async () => {
    const { predictions, comparison, report } = await evaluateEnsemble([one, two], {});
    const recorded = [await readTestPredictions(one), await readTestPredictions(two)];
    const [first, second] = recorded.map(({ probabilities }) => probabilities);
    expect('findings' in predictions && predictions.findings).toEqual(['edema', 'mass']);
    expect([...predictions.probabilities]).toEqual(
      [...first].map((probability, i) => (probability + second[i]) / 2),
    );
    expect('findings' in report && report.perFinding.map(({ finding }) => finding)).toEqual([
      'edema',
      'mass',
    ]);
    expect(comparison.modelsB).toBe(2);
    const viewed = await evaluateEnsemble([one], { tta: 'flips' });
    expect(viewed.predictions.labels).toEqual(recorded[0].labels);
    expect(viewed.predictions.probabilities).not.toEqual(first);
  });

  it('is not made of models of another task', async () => {
    await expect(evaluateEnsemble([first, one], {})).rejects.toThrow(
      /findings-1: predicts several findings per image \(task multilabel\) \(models that predict one class per image \(task multiclass\), as the first member, .*first\)/,
    );
  });
});

describe('images predicted by an ensemble', () => {
  it('have the mean of the probabilities of the members, and are seen if any member has seen them', async () => {
    await useEngine(config(1, 0).engine);
    const before = tf.memory().numTensors;
    const models = [await openExportedModel(first), await openExportedModel(elsewhere)];
    const ids = (await readTestPredictions(first)).ids.slice(0, 4);
    const sources = ids.map((id) => ({ file: join(images, id) }));
    const together = await predictTogether(models, sources, { workers: 0 });
    const alone: Awaited<ReturnType<typeof predictFiles>>[] = [];
    for (const model of models) alone.push(await predictFiles(model, sources, { workers: 0 }));
    together.forEach((result, i) => {
      if (!('facts' in result)) throw new Error(result.reason);
      const members = alone.map((of) => of[i]).filter((of) => 'facts' in of);
      expect(result.probabilities).toEqual(
        members[0].probabilities.map((p, c) => (p + members[1].probabilities[c]) / 2),
      );
    });
    const predictions = together.flatMap((result, i) =>
      'facts' in result ? [{ ...result, id: ids[i], label: -1 }] : [],
    );
    const seen = await findSeenByAny(models, predictions, { rereadData: false });
    const { ids: tested } = await readTestPredictions(elsewhere);
    expect(seen.seen.map(({ id }) => id).sort()).toEqual(
      ids.filter((id) => !tested.includes(id)).sort(),
    );
    const viewed = await predictTogether(models.slice(0, 1), sources, { workers: 0, tta: 'flips' });
    expect(viewed).toHaveLength(4);
    for (const model of models) model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('members', () => {
  const facts = { folder: 'a', task: 'multiclass', labels: ['x', 'y'], preprocessing: {} } as const;

  it('are read from the exported models of runs', async () =>
    expect(await readMemberFacts([first, join(second, 'model'), root])).toMatchObject([
      { folder: first, task: 'multiclass', labels: ['none', 'some'] },
      { folder: join(second, 'model'), preprocessing: { size: [32, 32] } },
    ]));

  it('need the same classes, in any order', () => {
    requireOneEnsemble([facts, { ...facts, folder: 'b', labels: ['y', 'x'] }]);
    expect(() => requireOneEnsemble([facts, { ...facts, folder: 'b', labels: ['x'] }])).toThrow(
      'b: its classes are x (those of the first member, a: x, y; an ensemble averages probabilities of the same ones)',
    );
  });

  it('need image files of one depth, on any scale', () => {
    const reads = (values: PixelValues): MemberFacts => ({
      ...facts,
      folder: 'b',
      preprocessing: { values },
    });
    requireOneEnsemble([reads([0, 4095]), reads([-1000, 400]), reads({ window: 'file' }), facts]);
    expect(() => requireOneEnsemble([reads('8-bit'), reads([0, 4095])])).toThrow(
      'b: reads image files with more than 8 bits (preprocessing.values: [0,4095]) (models for files with 8 bits, as the first member, b; no image suits both)',
    );
  });

  it('with the same classes in another order are brought into one order', () => {
    const predictions = {
      classes: ['a', 'b'],
      ids: ['x', 'y'],
      labels: Int32Array.of(0, -1),
      probabilities: Float64Array.of(0.25, 0.75, 0.5, 0.5),
    };
    expect(inClassOrder(predictions, ['b', 'a'])).toEqual({
      classes: ['b', 'a'],
      ids: ['x', 'y'],
      labels: Int32Array.of(1, -1),
      probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5),
    });
  });

  it('with the same findings in another order have their labels reordered, too', () => {
    const predictions = {
      findings: ['a', 'b'],
      ids: ['x', 'y'],
      labels: Int32Array.of(0, 1, -1, 1),
      probabilities: Float64Array.of(0.25, 0.5, 0.75, 1),
    };
    expect(inClassOrder(predictions, ['b', 'a'])).toEqual({
      findings: ['b', 'a'],
      ids: ['x', 'y'],
      labels: Int32Array.of(1, 0, 1, -1),
      probabilities: Float64Array.of(0.5, 0.25, 1, 0.75),
    });
  });

  it('that are runs stay as they are', async () =>
    expect(await memberFolders([first, second])).toEqual([first, second]));
});
