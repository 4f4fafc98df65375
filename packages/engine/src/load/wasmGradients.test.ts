import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../useEngine.js';

import '@tensorflow/tfjs-backend-cpu';

/** Values between -1 and 1 that differ everywhere. */
const wave = (shape: [number, number, number, number], phase: number): tf.Tensor4D =>
  tf.tensor4d(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) =>
      Math.sin(1.7 * i + phase),
    ),
    shape,
  );

interface Case {
  readonly size: [number, number];
  readonly kernel: [number, number];
  readonly stride: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
}

const cases: Case[] = [
  { size: [7, 6], kernel: [3, 3], stride: 1, pad: 'same' },
  { size: [8, 7], kernel: [3, 3], stride: 2, pad: 'same' },
  { size: [9, 8], kernel: [3, 2], stride: [1, 2], pad: 'valid' },
  { size: [8, 8], kernel: [5, 3], stride: 3, pad: 'valid' },
  { size: [6, 6], kernel: [1, 1], stride: 2, pad: 0 },
  { size: [7, 7], kernel: [3, 3], stride: 2, pad: 1 },
];

/** Gradients of a sum of sines of the output, so that every element has another weight. */
async function gradientsOn(
  backend: 'cpu' | 'wasm',
  name: 'conv2d' | 'depthwiseConv2d',
  { size, kernel, stride, pad }: Case,
): Promise<number[][]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const x = wave([2, ...size, 3], 0.3);
  const weights = wave([...kernel, 3, name === 'conv2d' ? 4 : 2], 0.9);
  const gradients = tf.grads((...inputs) => {
    const [image, filter] = inputs as tf.Tensor4D[];
    return tf.sum(tf.sin(tf[name](image, filter, stride, pad)));
  })([x, weights]);
  const values = gradients.map((gradient) => [...gradient.dataSync()]);
  tf.dispose([x, weights, gradients]);
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

beforeAll(async () => {
  await useEngine({ backend: 'wasm' });
});

describe('gradients on wasm equal those of the cpu backend of tfjs', () => {
  const all = (['conv2d', 'depthwiseConv2d'] as const).flatMap((name) =>
    cases.map((example) => [name, example] as const),
  );
  it.each(all)('%s %j', async (name, example) => {
    const [expected, found] = [
      await gradientsOn('cpu', name, example),
      await gradientsOn('wasm', name, example),
    ];
    for (const [i, gradient] of found.entries()) {
      expect(gradient).toHaveLength(expected[i].length);
      const differences = gradient.map((value, j) => Math.abs(value - expected[i][j]));
      expect(Math.max(...differences)).toBeLessThan(2e-5);
    }
  });
});

/** The losses of a small model of stock layers over five epochs, with seeded weights. */
async function lossesOn(backend: 'cpu' | 'wasm'): Promise<number[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const seeded = (seed: number) => tfl.initializers.glorotNormal({ seed });
  const convolution = { kernelSize: 3, activation: 'relu', filters: 4 } as const;
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2d({ ...convolution, inputShape: [12, 12, 1], kernelInitializer: seeded(1) }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.separableConv2d({
        ...convolution,
        depthwiseInitializer: seeded(2),
        pointwiseInitializer: seeded(3),
      }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: 1, activation: 'sigmoid', kernelInitializer: seeded(4) }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' });
  const images = wave([8, 12, 12, 1], 0);
  const labels = tf.tensor2d([0, 1, 0, 1, 0, 1, 0, 1], [8, 1]);
  const { history } = await model.fit(images, labels, { epochs: 5, batchSize: 8, verbose: 0 });
  model.dispose();
  model.optimizer.dispose();
  tf.dispose([images, labels]);
  expect(tf.memory().numTensors).toBe(before);
  return history.loss as number[];
}

it('trains a model of stock layers on wasm, with the losses of the cpu backend', async () => {
  const expected = await lossesOn('cpu');
  const found = await lossesOn('wasm');
  expect(found).toHaveLength(5);
  expect(found[4]).toBeLessThan(found[0]);
  for (const [epoch, loss] of found.entries()) expect(loss).toBeCloseTo(expected[epoch], 5);
});
