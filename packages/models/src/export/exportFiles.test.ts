import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultPreprocessing, type Preprocessing } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { eachBackend } from '@nonlocal-med/engine/testing';
import { readSafetensors } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../createModel.js';
import { type ModelMetadata, modelMetadata } from '../modelMetadata.js';
import { exportModel, folderHandler } from '../node/modelFolder.js';
import { differingKeys } from '../testing/differingKeys.js';
import { fillModel } from '../testing/fillModel.js';
import { loadStateDict } from '../weights/loadStateDict.js';
import { stateDict } from '../weights/stateDict.js';

const labels = ['none', 'mild', 'severe'];
const preprocessing: Preprocessing = { ...defaultPreprocessing, size: [64, 72] };
const pixels = Float32Array.from({ length: 64 * 72 * 3 }, (_, i) => (i * 37) % 256);

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'export-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The pixels, normalized as in `data`. */
const normalize = (values: Float32Array): tf.Tensor =>
  tf.tidy(() =>
    tf.div(
      tf.sub(
        tf.div(tf.tensor4d(values, [1, 64, 72, 3]), 255),
        tf.tensor1d([...preprocessing.mean]),
      ),
      tf.tensor1d([...preprocessing.std]),
    ),
  );
/** Probabilities of the trained model for the pixels. */
const expectedProbabilities = (model: tfl.LayersModel): number[] =>
  tf.tidy(() => [...tf.softmax(model.predict(normalize(pixels)) as tf.Tensor).dataSync()]);
const largest = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, i) => Math.abs(value - a[i])));

eachBackend((backend) => {
  // a ResNet18 on wasm, too, with NONLOCAL_MED_SLOW=1
  const slow = process.env.NONLOCAL_MED_SLOW === '1';
  const models = [
    ['shufflenetv2-nla', { width: 0.5 }],
    ['resnet18-ccnet', {}],
  ] as const;
  describe.each(slow || backend === 'native' ? models : models.slice(0, 1))(
    'exported %s',
    (name, options) => {
      it('takes RGB, gives the same probabilities, keeps its stages, and leaves no tensors behind', async () => {
        const before = tf.memory().numTensors;
        const model = createModel(name, { classes: 3, ...options });
        fillModel(model);
        const target = join(folder, `${backend}-${name}`);
        const weights = stateDict(model);
        await exportModel(model, target, { preprocessing, labels });
        expect(readdirSync(target).sort()).toEqual([
          'model.json',
          'weights.bin',
          'weights.safetensors',
        ]);
        expect(differingKeys(stateDict(model), weights)).toEqual([]);

        const loaded = await tfl.loadLayersModel(folderHandler(target));
        tf.tidy(() => {
          const probabilities = (
            loaded.predict(tf.tensor4d(pixels, [1, 64, 72, 3])) as tf.Tensor
          ).dataSync();
          expect(largest(probabilities, expectedProbabilities(model))).toBeLessThan(1e-5);
        });
        expect(loaded.layers.map((layer) => layer.name)).toEqual(
          expect.arrayContaining(['normalization', 'e1', 'e2', 'e3', 'e4', 'probabilities']),
        );
        expect(modelMetadata(loaded)).toEqual({
          model: name,
          options: { ...modelMetadata(model)!.options, inputSize: [64, 72], probabilities: true },
          labels,
          preprocessing,
        });
        loaded.dispose();
        model.dispose();
        expect(tf.memory().numTensors).toBe(before);
      });

      it('can be rebuilt for training from its metadata and safetensors', () => {
        const target = join(folder, `${backend}-${name}`);
        const { userDefinedMetadata: metadata } = JSON.parse(
          readFileSync(join(target, 'model.json'), 'utf8'),
        ) as { userDefinedMetadata: ModelMetadata };
        const model = createModel(metadata.model, { ...metadata.options, probabilities: false });
        loadStateDict(model, readSafetensors(readFileSync(join(target, 'weights.safetensors'))), {
          match: 'exact',
        });
        const original = createModel(name, { classes: 3, ...options });
        fillModel(original);
        expect(differingKeys(stateDict(model), stateDict(original))).toEqual([]);
        model.dispose();
        original.dispose();
      });
    },
  );
});

describe('exported models of several findings', () => {
  beforeAll(() => useEngine({ backend: 'wasm' }));

  it('end in the sigmoid of each logit, and record the task', async () => {
    const before = tf.memory().numTensors;
    const options = { classes: 3, width: 0.5, task: 'multilabel' } as const;
    const model = createModel('shufflenetv2', options);
    fillModel(model);
    expect(modelMetadata(model)).toMatchObject({ task: 'multilabel', options });
    const target = join(folder, 'findings');
    await exportModel(model, target, { preprocessing, labels });
    const loaded = await tfl.loadLayersModel(folderHandler(target));
    expect(modelMetadata(loaded)).toMatchObject({ task: 'multilabel', labels });
    tf.tidy(() => {
      const image = tf.tensor4d(pixels, [1, 64, 72, 3]);
      const expected = tf.sigmoid(model.predict(normalize(pixels)) as tf.Tensor).dataSync();
      const found = (loaded.predict(image) as tf.Tensor).dataSync<'float32'>();
      expect(largest(found, [...expected])).toBeLessThan(1e-5);
      expect(Math.abs(found.reduce((sum, p) => sum + p, 0) - 1)).toBeGreaterThan(0.01);
    });
    loaded.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('begin with the weights of a model of classes', () => {
    const [classes, findings] = (['multiclass', 'multilabel'] as const).map((task) =>
      createModel('shufflenetv2', { classes: 3, width: 0.5, task }),
    );
    expect(differingKeys(stateDict(findings), stateDict(classes))).toEqual([]);
    classes.dispose();
    findings.dispose();
  });
});

describe('exportModel and folderHandler', () => {
  beforeAll(() => useEngine({ backend: 'wasm' }));

  it.each([
    [{ preprocessing, labels: ['a', 'b'] }, 'labels: 2 labels for a model with 3 classes (a, b)'],
    [
      { preprocessing: { ...preprocessing, size: [64, 64] as const }, labels },
      'preprocessing.size: [64, 64] for a model with the input size [64, 72]',
    ],
  ])('refuses labels and sizes that do not fit', async (options, message) => {
    const model = createModel('shufflenetv2', { classes: 3, width: 0.5, inputSize: [64, 72] });
    await expect(exportModel(model, join(folder, 'never'), options)).rejects.toThrow(message);
    model.dispose();
  });

  it('refuses models of other origin', async () => {
    const input = tfl.input({ shape: [4] });
    const model = tfl.model({
      inputs: input,
      outputs: tfl.layers.dense({ units: 3 }).apply(input) as tfl.SymbolicTensor,
      name: 'mine',
    });
    await expect(
      exportModel(model, join(folder, 'never'), { preprocessing, labels }),
    ).rejects.toThrow('"mine" was not created by createModel');
    model.dispose();
  });

  const damaged: [string, string | undefined, RegExp][] = [
    ['a folder without model.json', undefined, /model\.json: there is no such file/],
    ['a file that is not JSON', '{', /model\.json: is not JSON/],
    ['JSON that is not a model', '{"a": 1}', /model\.json: is not a TF\.js layers model/],
    [
      'weights outside the folder',
      JSON.stringify({
        modelTopology: {},
        weightsManifest: [{ paths: ['../secret'], weights: [] }],
      }),
      /refers to the weights "\.\.\/secret" \(files in the same folder\)/,
    ],
    [
      'missing weights',
      JSON.stringify({
        modelTopology: {},
        weightsManifest: [{ paths: ['weights.bin'], weights: [] }],
      }),
      /weights\.bin: there is no such file/,
    ],
  ];
  it.each(damaged)('refuses to load %s', async (_, json, message) => {
    const target = mkdtempSync(join(folder, 'damaged-'));
    if (json !== undefined) writeFileSync(join(target, 'model.json'), json);
    await expect(tfl.loadLayersModel(folderHandler(target))).rejects.toThrow(message);
  });
});

// The script imports only tfjs, its wasm backend, and this package as built.
it('gives the same probabilities in a script with nothing but tfjs and this package, on wasm', async () => {
  await useEngine({ backend: 'wasm' });
  const model = createModel('shufflenetv2-nla', { classes: 3, width: 0.5 });
  fillModel(model);
  const target = join(folder, 'script');
  await exportModel(model, target, { preprocessing, labels });
  const output = execFileSync(
    process.execPath,
    [fileURLToPath(new URL('../../test/predictExported.mjs', import.meta.url)), target],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  expect(
    largest(
      JSON.parse(output.trim().split('\n').at(-1)!) as number[],
      expectedProbabilities(model),
    ),
  ).toBeLessThan(1e-4);
  model.dispose();
});
