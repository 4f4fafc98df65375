import { readFileSync } from 'node:fs';
import { InputError } from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { clipGradients, createOptimizer } from './createOptimizer.js';
import { resolveTrainOptions, type TrainOptionsInput } from './trainOptions.js';
import { type NamedWeight, readWeights } from './weights.js';

/** Made by test/golden/make_recipes.py with PyTorch in float64. */
const { optimizers } = JSON.parse(
  readFileSync(new URL('../test/golden/torch_recipes.json', import.meta.url), 'utf8'),
) as {
  optimizers: {
    name: string;
    options: TrainOptionsInput;
    learningRate: number;
    /** Factor on the learning rate of the kernel. */
    kernelRate: number;
    weights_after_each: number[][];
  }[];
};

/** A kernel [2, 3] and a bias [3], which begin at sin(i + 1). */
function startWeights(kernelRate = 1): NamedWeight[] {
  const start = Array.from({ length: 9 }, (_, i) => Math.sin(i + 1));
  return tf.tidy(() => [
    {
      name: 'kernel',
      variable: tf.variable(tf.tensor2d(start.slice(0, 6), [2, 3])),
      rate: kernelRate,
    },
    { name: 'bias', variable: tf.variable(tf.tensor1d(start.slice(6))) },
  ]);
}

function gradientsAt(t: number): tf.Tensor[] {
  const all = Array.from({ length: 9 }, (_, i) => Math.cos(3 * i + t * t) * 10 ** ((i % 4) - 2));
  return [tf.tensor2d(all.slice(0, 6), [2, 3]), tf.tensor1d(all.slice(6))];
}

function values(weights: readonly NamedWeight[]): number[] {
  return weights.flatMap(({ variable }) => [...variable.dataSync()]);
}

eachBackend(() => {
  it.each(optimizers)(
    'equals PyTorch: $name',
    ({ options, learningRate, kernelRate, ...golden }) => {
      const before = tf.memory().numTensors;
      const weights = startWeights(kernelRate);
      const optimizer = createOptimizer(weights, resolveTrainOptions(options));
      golden.weights_after_each.forEach((expected, t) => {
        const gradients = gradientsAt(t);
        optimizer.apply(gradients, learningRate);
        tf.dispose(gradients);
        values(weights).forEach((value, i) =>
          expect(Math.abs(value - expected[i]), `step ${t}, weight ${i}`).toBeLessThan(
            2e-6 * Math.max(1, Math.abs(expected[i])),
          ),
        );
      });
      optimizer.dispose();
      tf.dispose(weights.map(({ variable }) => variable));
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each(optimizers)(
    'continues bit for bit from a saved state: $name',
    async ({ options, kernelRate }) => {
      const before = tf.memory().numTensors;
      const resolved = resolveTrainOptions(options);
      const [first, second] = [startWeights(kernelRate), startWeights(kernelRate)];
      const optimizer = createOptimizer(first, resolved);
      const steps = (of: typeof optimizer, from: number): void => {
        for (let t = from; t < from + 3; t++) {
          const gradients = gradientsAt(t);
          of.apply(gradients, 0.01);
          tf.dispose(gradients);
        }
      };
      steps(optimizer, 0);
      const state = optimizer.state();
      const copied = {
        ...state,
        first: await readWeights(state.first),
        second: await readWeights(state.second),
      };
      first.forEach(({ variable }, i) =>
        tf.tidy(() => second[i].variable.assign(tf.tensor(variable.dataSync(), variable.shape))),
      );
      steps(optimizer, 3);
      const resumed = createOptimizer(second, resolved);
      resumed.importState(copied);
      steps(resumed, 3);
      expect(values(second)).toEqual(values(first));
      optimizer.dispose();
      resumed.dispose();
      tf.dispose([...first, ...second].map(({ variable }) => variable));
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each([1, 0.5])('refuses the state of another optimizer (kernel rate %d)', async (rate) => {
    const weights = startWeights(rate);
    const [sgd, adam] = (['sgd', 'adam'] as const).map((optimizer) =>
      createOptimizer(weights, resolveTrainOptions({ optimizer })),
    );
    const { step, first, second } = sgd.state();
    const state = { step, first: await readWeights(first), second: await readWeights(second) };
    expect(() => adam.importState(state)).toThrow(InputError);
    sgd.dispose();
    adam.dispose();
    tf.dispose(weights.map(({ variable }) => variable));
  });

  it('leaves gradients below the norm as they are', () => {
    const gradients = gradientsAt(1);
    const clipped = clipGradients(gradients, 1e3);
    clipped.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(gradients[i].dataSync()));
    tf.dispose([...gradients, ...clipped]);
  });
});
