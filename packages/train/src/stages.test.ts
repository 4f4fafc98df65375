import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fit } from './fit.js';
import type { FitOptions } from './loop/fitOptions.js';
import { memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import { snapshotWeights, type WeightValues } from './weights.js';

let tensors: number;
let model: LayersModel;
beforeEach(async () => {
  tensors = tf.memory().numTensors;
  model = await tinyModel({ noise: false });
});
afterEach(() => {
  model.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Names of the weights that change from one snapshot to another. */
function changed(before: WeightValues, after: WeightValues): string[] {
  return [...before].flatMap(([name, { data }]) =>
    data.some((value, index) => value !== after.get(name)!.data[index]) ? [name] : [],
  );
}

const everything = [
  'hidden/kernel',
  'hidden/bias',
  'bn/gamma',
  'bn/beta',
  'bn/moving_mean',
  'bn/moving_variance',
  'fc/kernel',
  'fc/bias',
];

/** Trains for four epochs of two steps; returns the weights that each epoch changes, and the learning rates. */
async function train(
  options: Partial<FitOptions>,
): Promise<{ epochs: string[][]; rates: number[] }> {
  let before = await snapshotWeights(model);
  const epochs: string[][] = [];
  const rates: number[] = [];
  const events = fit({
    model,
    stages: [['hidden'], ['bn']],
    train: memorySource({ samples: 8, batchSize: 4 }),
    epochs: 4,
    learningRate: 0.01,
    ...options,
  });
  for await (const event of events) {
    if (event.type === 'step') rates.push(event.learningRate);
    if (event.type !== 'epoch') continue;
    const after = await snapshotWeights(model);
    epochs.push(changed(before, after));
    before = after;
  }
  return { epochs, rates };
}

eachBackend((backend) => {
  const graph = backend === 'native';

  it('leaves frozen stages as they are, running statistics included', async () => {
    const { epochs } = await train({ freezeStages: 2, graph });
    expect(epochs).toEqual(Array(4).fill(['fc/kernel', 'fc/bias']));
    expect(model.trainableWeights).toHaveLength(6);
    expect((await train({ freezeStages: 1, graph })).epochs[0]).toEqual(everything.slice(2));
    expect((await train({ graph })).epochs[0]).toEqual(everything);
  });

  it('normalizes in frozen stages as after training', async () => {
    const firstLoss = async (freezeStages: number): Promise<number> => {
      const copy = await tinyModel({ noise: false });
      const train = memorySource({ samples: 4, batchSize: 4, ordered: true });
      const stages = [['hidden'], ['bn']];
      let loss = NaN;
      for await (const event of fit({ model: copy, stages, train, epochs: 1, freezeStages }))
        if (event.type === 'step') loss = event.loss;
      copy.dispose();
      return loss;
    };
    const expected = await lossInInference();
    expect(await firstLoss(2)).toBeCloseTo(expected, 6);
    expect(Math.abs((await firstLoss(0)) - expected)).toBeGreaterThan(1e-3);
  });

  it('trains the head first, at a constant rate, then all as a new run would', async () => {
    const { epochs, rates } = await train({ headEpochs: 2, schedule: 'linear', graph });
    const head = ['fc/kernel', 'fc/bias'];
    expect(epochs).toEqual([head, head, everything, everything]);
    expect(rates.slice(0, 4)).toEqual(Array(4).fill(0.01));
    rates.slice(4).forEach((rate, step) => expect(rate).toBeCloseTo(0.01 * (1 - step / 4), 12));
  });

  it('begins the second phase with a new optimizer', async () => {
    await train({ headEpochs: 2, epochs: 3, graph });
    const whole = await snapshotWeights(model);
    model.dispose();
    model = await tinyModel({ noise: false });
    await train({ freezeStages: 2, epochs: 2, graph });
    // The third epoch's batches, by a training that has not had others.
    const source = memorySource({ samples: 8, batchSize: 4 });
    await train({ epochs: 1, graph, train: { ...source, epoch: () => source.epoch(2) } });
    expect(changed(whole, await snapshotWeights(model))).toEqual([]);
  });

  it('lowers the learning rate stage by stage', async () => {
    const start = await snapshotWeights(model);
    const sgd = { optimizer: 'sgd', sgd: { momentum: 0, nesterov: false } } as const;
    const once = { ...sgd, epochs: 1, train: memorySource({ samples: 4, batchSize: 4 }), graph };
    const moves = async (options: Partial<FitOptions>): Promise<number[]> => {
      model.dispose();
      model = await tinyModel({ noise: false });
      await train({ ...once, ...options });
      const end = await snapshotWeights(model);
      return ['hidden/kernel', 'bn/beta', 'fc/kernel'].map(
        (name) => end.get(name)!.data[0] - start.get(name)!.data[0],
      );
    };
    const [plain, decayed] = [await moves({}), await moves({ layerDecay: 0.5 })];
    [0.25, 0.5, 1].forEach((rate, index) =>
      expect(decayed[index] / plain[index]).toBeCloseTo(rate, 3),
    );
  });
});

/** The mean cross-entropy of the first four images by a new model in inference. */
async function lossInInference(): Promise<number> {
  const copy = await tinyModel({ noise: false });
  const source = memorySource({ samples: 4, batchSize: 4, ordered: true });
  let loss = NaN;
  for await (const { images, shape, labels } of source.epoch(0))
    loss = tf.tidy(() => {
      const logits = copy.apply(tf.tensor4d(images, [...shape])) as tf.Tensor2D;
      const own = tf.mul(tf.logSoftmax(logits), tf.oneHot(tf.tensor1d(labels, 'int32'), 3));
      return -tf.sum(own).dataSync()[0] / labels.length;
    });
  copy.dispose();
  return loss;
}

it.each([
  [{ freezeStages: 1, stages: undefined }, 'freezeStages: needs the stages of the model'],
  [{ freezeStages: 3 }, "freezeStages: got 3 (at most 2, the stages of the model's backbone)"],
  [{ headEpochs: 4 }, 'headEpochs: got 4 of 4 epochs (at most 3'],
  [{ layerDecay: 0.5, stages: [['conv1']] }, 'stages: the model has no layer "conv1"'],
])('refuses %j', async (options, message) => {
  await expect(train(options)).rejects.toThrow(message);
});
