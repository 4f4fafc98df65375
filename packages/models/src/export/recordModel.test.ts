import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPreprocessing } from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import {
  encodeOnnx,
  encodeSavedGraph,
  loadSavedGraph,
  modelWeights,
  type PortableGraph,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createModel } from '../createModel.js';
import type { ModelOptions } from '../modelOptions.js';
import { modelNames } from '../modelRegistry.js';
import { exportableModel } from './exportableModel.js';
import { graphNames, recordModel } from './recordModel.js';

const slow = process.env.NONLOCAL_MED_SLOW === '1';
/**
 * With NONLOCAL_MED_SLOW=1 every model of the registry at a size that is neither square nor divisible by 32, and at one
 * where attention has several blocks of queries; by default there every ShuffleNetV2, and the attention that only
 * ResNet18 has. And options that call other operations.
 */
const CASES: readonly [
  name: string,
  height: number,
  width: number,
  options: Partial<ModelOptions>,
][] = [
  ...modelNames()
    .filter((name) => slow || /^shuffle|nonlocal|ccnet|se$|cbam/.test(name))
    .map((name): (typeof CASES)[number] => [name, 61, 90, {}]),
  ...modelNames()
    .filter((name) => slow || /^shuffle|nonlocal/.test(name))
    .map((name): (typeof CASES)[number] => [name, 160, 192, {}]),
  ['resnet18', 61, 90, { head: 'flatten' }],
  [
    'resnet18-nla',
    64,
    64,
    { namAt: 'e2', residual: 'gamma', subSample: 'projection', scale: 'inverse-sqrt' },
  ],
  [
    'shufflenetv2-nla',
    64,
    80,
    { namAt: 'e3', subSample: 'input', residual: 'add', pools: 'plain' },
  ],
  ['resnet18-nonlocal', 64, 80, { pairwise: 'dot', placement: ['layer3.0'] }],
  [
    'resnet18-nonlocal',
    160,
    192,
    { pairwise: 'concat', batchNorm: false, placement: ['layer1.0'] },
  ],
  ['resnet18-nonlocal', 64, 80, { pairwise: 'gaussian', subSample: 'projection' }],
  ['resnet18-ccnet', 61, 90, { ccnet: 'inline', recurrence: 1 }],
];
const LABELS = ['none', 'mild', 'severe'];
const CALIBRATION = { slopes: [0.5, 0.5, 0.5], intercepts: [0, 0, 0] };
const TIMEOUT = 300_000;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'record-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An exported model up to its logits: RGB values 0..255 in. */
function exportedLogits(
  name: string,
  options: Partial<ModelOptions>,
  size: readonly [number, number],
): tfl.LayersModel {
  const width = name.startsWith('shufflenetv2') ? { width: 0.5 as const } : {};
  const model = createModel(name, {
    classes: LABELS.length,
    inputSize: [...size],
    ...width,
    ...options,
  });
  for (const { key, variable } of modelWeights(model))
    tf.tidy(() => void variable.write(patternOf(key, variable.shape as number[])));
  const exported = exportableModel(model, {
    labels: LABELS,
    preprocessing: { ...defaultPreprocessing, size },
  });
  model.dispose();
  return tfl.model({
    inputs: exported.inputs,
    outputs: exported.layers.at(-1)!.input,
    name,
  });
}

/** Weights none of which is 0 or equal to its neighbors, of the size that keeps the variance of what they are applied to. */
function patternOf(key: string, shape: number[]): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  const wave = tf.reshape(tf.sin(tf.mul(tf.add(tf.range(0, size), key.length), 12.9898)), shape);
  if (key.endsWith('running_var')) return tf.add(1, tf.mul(wave, 0.25));
  if (shape.length === 1)
    return key.endsWith('weight') ? tf.add(1, tf.mul(wave, 0.2)) : tf.mul(wave, 0.1);
  return tf.mul(wave, Math.sqrt((2 * shape.at(-1)!) / size));
}

/** Values of the outputs by name, [images * labels]. */
type Outputs = Readonly<Record<string, Float32Array>>;

/** What ONNX Runtime computes for each batch. */
async function runOnnx(graph: PortableGraph, batches: readonly tf.Tensor[]): Promise<Outputs[]> {
  const session = await InferenceSession.create(
    encodeOnnx(graph, { name: 'model', producerVersion: '0.0.0' }),
  );
  const results: Outputs[] = [];
  for (const images of batches) {
    const data = Float32Array.from(images.dataSync());
    const found = await session.run({
      [graphNames.input]: new Tensor('float32', data, images.shape),
    });
    results.push(
      Object.fromEntries(
        Object.entries(found).map(([name, { data: values }]) => [name, values as Float32Array]),
      ),
    );
  }
  await session.release();
  return results;
}

/** What TensorFlow computes with the file for each batch. */
function runSaved(graph: PortableGraph, batches: readonly tf.Tensor[]): Outputs[] {
  writeFileSync(join(folder, 'saved_model.pb'), encodeSavedGraph(graph));
  const saved = loadSavedGraph(folder);
  const outputs = graph.outputs.map(({ name }) => name);
  const results = batches.map((images) =>
    tf.tidy(() => {
      const found = saved.run(images, { input: graphNames.input, outputs });
      return Object.fromEntries(
        outputs.map((name, i) => [name, Float32Array.from(found[i].dataSync())]),
      );
    }),
  );
  saved.dispose();
  return results;
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const largestDifference = (found: Float32Array, expected: Float32Array): number =>
  found.length === expected.length
    ? Math.max(...found.map((value, i) => Math.abs(value - expected[i])))
    : Infinity;

eachBackend((backend) => {
  if (backend === 'wasm') {
    it('needs native TensorFlow', () => {
      const model = exportedLogits('shufflenetv2', {}, [64, 64]);
      expect(() => recordModel(model)).toThrow(
        /^A graph can only be recorded by native TensorFlow, but wasm computes here: install it/,
      );
      model.dispose();
    });
    return;
  }

  it.each(CASES)(
    '%s at %i x %i with %j computes the same as ONNX and as a SavedModel, for one and for four images',
    async (...[name, height, width, options]) => {
      const before = tf.memory().numTensors;
      const model = exportedLogits(name, options, [height, width]);
      const graph = recordModel(model, { calibration: CALIBRATION });
      const batches = [1, 4].map((count) =>
        tf.tidy(() =>
          tf.abs(
            tf.mul(
              255,
              tf.sin(
                tf.reshape(tf.range(0, count * height * width * 3), [count, height, width, 3]),
              ),
            ),
          ),
        ),
      );
      const expected = batches.map((images) =>
        tf.tidy(() => {
          const logits = model.predict(images) as tf.Tensor;
          const scaled = tf.softmax(tf.mul(logits, CALIBRATION.slopes[0]));
          const outputs = { logits, probabilities: tf.softmax(logits), calibrated: scaled };
          return Object.entries(outputs).map(
            ([output, tensor]) => [output, Float32Array.from(tensor.dataSync())] as const,
          );
        }),
      );
      for (const found of [await runOnnx(graph, batches), runSaved(graph, batches)])
        for (const [i, outputs] of expected.entries()) {
          expect(Object.keys(found[i]).sort()).toEqual(outputs.map(([output]) => output).sort());
          for (const [output, values] of outputs)
            expect(largestDifference(found[i][output], values), output).toBeLessThan(1e-4);
        }
      tf.dispose(batches);
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
    TIMEOUT,
  );

  it('ends in sigmoids for findings, calibrated one by one', async () => {
    const model = exportedLogits('shufflenetv2', {}, [64, 64]);
    const calibration = { slopes: [1, 2, 0.5], intercepts: [0, 1, -1] };
    const graph = recordModel(model, { task: 'multilabel', calibration });
    const images = tf.randomUniform([2, 64, 64, 3], 0, 255, 'float32', 7);
    const [{ logits, probabilities, calibrated }] = await runOnnx(graph, [images]);
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    expect(largestDifference(probabilities, logits.map(sigmoid))).toBeLessThan(1e-6);
    const { slopes, intercepts } = calibration;
    const scaled = logits.map((x, i) => sigmoid(slopes[i % 3] * x + intercepts[i % 3]));
    expect(largestDifference(calibrated, scaled)).toBeLessThan(1e-6);
    model.dispose();
    images.dispose();
  });

  it('gives the same bytes again', () => {
    const model = exportedLogits('shufflenetv2-nla', {}, [64, 64]);
    const [first, second] = [recordModel(model), recordModel(model)];
    const options = { name: 'model', producerVersion: '0.0.0', metadata: { labels: 'a' } };
    expect(hash(encodeOnnx(second, options))).toBe(hash(encodeOnnx(first, options)));
    expect(hash(encodeSavedGraph(second))).toBe(hash(encodeSavedGraph(first)));
    model.dispose();
  });

  it('refuses a model without a size', () => {
    const model = createModel('shufflenetv2', { classes: 2, width: 0.5 });
    expect(() => recordModel(model)).toThrow(
      'A graph needs images of a known size, but "shufflenetv2" takes [any, any, 3]: give the model an inputSize.',
    );
    model.dispose();
  });
});
