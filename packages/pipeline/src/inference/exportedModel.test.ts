import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadClassifier } from '@nonlocal-med/classifier/node';
import type { InputError, Predictions } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { type EvaluationReport, reportedMetric } from '@nonlocal-med/metrics';
import { evaluatePredictions, predictionsFromCsv } from '@nonlocal-med/metrics';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { type DecidedFile, decideFiles } from '../decision/decideFiles.js';
import { openDecision } from '../decision/openDecision.js';
import { explainImages } from '../explanation/explainImages.js';
import { startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { evaluateModel, type ModelEvaluation } from './evaluateModel.js';
import { type ExportedModel, openExportedModel } from './openExportedModel.js';
import { predictFiles, predictImages } from './predictImages.js';

const root = await temporaryFolder('exported');
const folder = join(root, 'run');
const images = join(root, 'images');
const data = { path: images, cacheFolder: null };
const config = parseRunConfig({
  ...tinyConfig(),
  data,
  model: { name: 'shufflenetv2-nla', width: 0.5 },
  training: { epochs: 1, batchSize: 4 },
});
let recorded: Predictions;

beforeAll(async () => {
  await imageFolder(images);
  await startRun(config, { folder });
  recorded = predictionsFromCsv(
    await readFile(join(folder, 'predictions', 'test-selected.csv'), 'utf8'),
  );
});

async function withModel<T>(place: string, use: (model: ExportedModel) => Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  const model = await openExportedModel(place);
  try {
    return await use(model);
  } finally {
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }
}

const largestDifference = (a: Float64Array, b: Float64Array): number =>
  Math.max(...a.map((value, index) => Math.abs(value - b[index])));

describe('the model that a run exports', () => {
  it.each([
    ['the backend it was trained on', config.engine.backend, 1e-5],
    ['wasm', 'wasm', 1e-4],
  ] as const)(
    'predicts the probabilities of the run from the image files, on %s',
    async (_, engine, tolerance) => {
      await useEngine({ backend: engine });
      const predictions = await withModel(folder, (model) =>
        predictImages(
          model,
          recorded.ids.map((id) => join(images, id)),
          { workers: 0 },
        ),
      );
      expect(predictions).toMatchObject({ classes: ['none', 'some'] });
      expect([...predictions.labels].every((label) => label === -1)).toBe(true);
      expect(largestDifference(predictions.probabilities, recorded.probabilities)).toBeLessThan(
        tolerance,
      );
      await useEngine(config.engine);
    },
  );

  it('classifies single images and pixels with the numbers of `eval predict`', async () => {
    const files = recorded.ids.map((id) => join(images, id));
    const sources = files.map((file) => ({ file }));
    const predicted = await withModel(folder, (model) =>
      predictFiles(model, sources, { workers: 0 }),
    );
    const decision = await openDecision({ folder, labels: ['none', 'some'] });
    const decided = decideFiles(predicted, ['none', 'some'], decision);
    expect(decision!.points).not.toEqual([]);
    for (const engine of [config.engine.backend, 'wasm'] as const) {
      await useEngine({ backend: engine });
      const before = tf.memory().numTensors;
      const classifier = await loadClassifier(folder);
      expect((await classifier.selfTest()).difference).toBeLessThan(1e-5);
      for (const [index, file] of files.entries()) {
        const wanted = decided[index] as DecidedFile;
        const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
        const pixels = { data: new Uint8Array(data), width: info.width, height: info.height };
        for (const image of [file, { file }, pixels]) {
          const found = await classifier.classify(image);
          const [a, b] = [found.probabilities, wanted.given].map((row) => Float64Array.from(row));
          expect(largestDifference(a, b)).toBeLessThan(1e-5);
          expect(found.predicted).toEqual([classifier.labels[wanted.predicted]]);
          expect(found.decisions).toHaveLength(wanted.decisions.length);
          for (const [point, { margin, ...rest }] of found.decisions.entries()) {
            expect(margin).toBeCloseTo(wanted.decisions[point].margin, 4);
            expect(rest.threshold).toBe(wanted.decisions[point].threshold);
          }
        }
      }
      classifier.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
    await useEngine(config.engine);
  });

  it('opens from the folder of the run and from its own folder', async () => {
    const describeModel = (model: ExportedModel): Promise<unknown> =>
      Promise.resolve([model.name, model.labels, model.preprocessing]);
    const expected = [
      'shufflenetv2-nla',
      ['none', 'some'],
      { ...config.preprocessing, values: '8-bit' },
    ];
    expect(await withModel(folder, describeModel)).toEqual(expected);
    expect(await withModel(join(folder, 'model'), describeModel)).toEqual(expected);
    await expect(openExportedModel(images)).rejects.toThrow(
      /images: does not contain an exported model \(a folder with model\.json/,
    );
  });

  it('is evaluated on its own data set with the result of the test, since the other images are seen', async () => {
    for (const place of [folder, join(folder, 'model')]) {
      const { predictions, report, seen } = await withModel(place, (model) =>
        evaluateModel(model, data),
      );
      expect([...predictions.ids].sort()).toEqual([...recorded.ids].sort());
      expect(seen).toMatchObject({ images: 24, excluded: 24 - recorded.ids.length });
      expect(reportedMetric(report, 'auc').value).toBeCloseTo(
        evaluatePredictions(recorded).metrics.auc.value!,
        6,
      );
    }
  });

  it('carries a record that recognizes seen images away from its run', async () => {
    const copy = join(root, 'copied-model');
    await cp(join(folder, 'model'), copy, { recursive: true });
    const { predictions, seen } = await withModel(copy, (model) => evaluateModel(model, data));
    expect(seen.source).toBe('model');
    expect([...predictions.ids].sort()).toEqual([...recorded.ids].sort());
  });

  it('is evaluated with intervals for every metric, which resample patients where they are known', async () => {
    const evaluate = (groupPattern?: string): Promise<ModelEvaluation> =>
      withModel(folder, (model) =>
        evaluateModel(model, { ...data, groupPattern }, { includeSeen: true }),
      );
    const [alone, patients] = [await evaluate(), await evaluate('^image-(\\d)')];
    expect(alone.report.bootstrap).toMatchObject({ grouped: false });
    expect(patients.report.bootstrap).toMatchObject({ grouped: true });
    expect(reportedMetric(patients.report, 'accuracy').value).toBe(
      reportedMetric(alone.report, 'accuracy').value,
    );
    expect(reportedMetric(patients.report, 'auc').interval).not.toEqual(
      reportedMetric(alone.report, 'auc').interval,
    );
    for (const { report } of [alone, patients])
      for (const { value, interval, noIntervalBecause } of Object.values(
        (report as EvaluationReport).metrics,
      ))
        expect(value === null || interval !== undefined || noIntervalBecause !== undefined).toBe(
          true,
        );
  });

  it('is evaluated on a data set with one of its classes, whose AUC is not defined', async () => {
    const one = join(root, 'one');
    await cp(join(images, 'some'), join(one, 'some'), { recursive: true });
    const { report } = await withModel(folder, (model) =>
      evaluateModel(model, { ...data, path: one }, { includeSeen: true }),
    );
    expect(reportedMetric(report, 'auc')).toMatchObject({
      value: null,
      undefinedBecause: 'every sample is of class "some"',
    });
    expect(reportedMetric(report, 'accuracy').value).not.toBeNull();
    expect(report.notes[0]).toContain('Absent from the samples: "none"');
  });

  it('is evaluated on a whole data set whose classes are in another order', async () => {
    const { predictions, report } = await withModel(folder, (model) =>
      evaluateModel(model, { ...data, classes: ['some', 'none'] }, { includeSeen: true }),
    );
    expect(predictions.ids).toHaveLength(24);
    expect(
      predictions.ids.every((id, index) =>
        id.startsWith(['none', 'some'][predictions.labels[index]]),
      ),
    ).toBe(true);
    expect(reportedMetric(report, 'auc').value).not.toBeNull();
    const renamed = withModel(folder, (model) =>
      evaluateModel(model, { ...data, labelMap: { none: 'healthy', some: 'some' } }),
    );
    await expect(renamed).rejects.toThrow(
      /does not know the class "healthy" \(its classes: none, some; .*--label-map healthy=none/,
    );
    await cp(join(images, 'none'), join(root, 'upper', 'None'), { recursive: true });
    await cp(join(images, 'some'), join(root, 'upper', 'SOME'), { recursive: true });
    const upper = withModel(folder, (model) =>
      evaluateModel(model, { ...data, path: join(root, 'upper') }),
    );
    await expect(upper).rejects.toThrow(/"None", "SOME" .*--label-map None=none,SOME=some\)/);
  });

  it('reports every file that is not an image', async () => {
    const files = [join(root, 'missing.png'), images, join(root, 'gone.png')];
    const error = await withModel(folder, (model) => predictImages(model, files)).catch(
      (reason: unknown) => reason,
    );
    expect((error as InputError).issues.map(({ message }) => message)).toEqual([
      'does not exist',
      'is not a file',
      'does not exist',
    ]);
  });

  it('explains an image at its own size beside a color bar, reproducibly, at the requested layer', async () => {
    const file = join(root, 'wide.png');
    await sharp(join(images, recorded.ids[0])).resize(150, 100, { fit: 'fill' }).toFile(file);
    const overlay = async (layer?: string): Promise<Buffer> => {
      const target = join(root, `${layer ?? 'default'}.png`);
      const explained = await withModel(folder, (model) =>
        explainImages(model, [{ file }], { fileOf: () => target, layer }),
      );
      expect(explained).toEqual({ empty: [], leftOut: [] });
      return readFile(target);
    };
    const [first, again, elsewhere] = [await overlay(), await overlay(), await overlay('e2')];
    const { data, info } = await sharp(first).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({
      width: 150 + 5 + 10 + 5 + 20,
      height: 100 + 3 * 16 + 5,
      channels: 3,
    });
    const pixel = (x: number, y: number): number[] => [
      ...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3),
    ];
    expect(pixel(149, 50)).not.toEqual([255, 255, 255]); // the image reaches to its last column
    expect(pixel(152, 50)).toEqual([255, 255, 255]); // then the margin,
    expect(pixel(160, 5)).toEqual([216, 200, 64]); // and the bar: from the largest value
    expect(pixel(160, 94)).toEqual([128, 128, 128]); // to 0, which is transparent
    expect(again.equals(first)).toBe(true);
    expect(elsewhere.equals(first)).toBe(false);
    await expect(overlay('e9')).rejects.toThrow(
      /layer: shufflenetv2-nla has no layer "e9" \(did you mean "e1"\? usual layers: fused, /,
    );
  });
});
