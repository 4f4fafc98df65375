import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fit } from './fit.js';
import type { FitOptions } from './loop/fitOptions.js';
import { collect, memorySource } from './testing/memorySource.js';
import { snapshotWeights } from './weights.js';

let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Losses of the steps and epochs, and the weights, of a linear model after two epochs of 16 images. */
async function train(
  batchSize: number,
  given: Partial<FitOptions> & { readonly findings?: number },
): Promise<{ steps: number[]; epochs: number[]; weights: number[] }> {
  const { findings, ...training } = given;
  const model = tfl.sequential({
    layers: [
      tfl.layers.flatten({ inputShape: [4, 4, 3] }),
      tfl.layers.dense({ units: 3, kernelInitializer: 'zeros' }),
    ],
  });
  const train = memorySource({ samples: 16, batchSize, findings });
  let weights: number[] = [];
  const events = await collect(
    fit({ model, train, epochs: 2, learningRate: 0.1, optimizer: 'sgd', ...training }),
  ).finally(async () => {
    weights = [...(await snapshotWeights(model)).values()].flatMap(({ data }) => [...data]);
    model.dispose();
  });
  return {
    steps: events.flatMap((event) => (event.type === 'step' ? [event.loss] : [])),
    epochs: events.flatMap((event) => (event.type === 'epoch' ? [event.trainLoss] : [])),
    weights,
  };
}

const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, index) => expect(Math.abs(actual[index] - value)).toBeLessThan(2e-6));
};

eachBackend((backend) => {
  // The labels of findings are not all known, so that batches of equal size have unequal weights.
  it.each([
    ['classes', {}],
    ['weighted classes', { classWeights: [1, 5, 0.5] }],
    ['findings', { findings: 3 }],
  ])('accumulates batches as if they were one: %s', async (_, options) => {
    const graph = backend === 'native';
    // 8 batches in steps of 3, 3 and 2, against batches of 6, 6 and 4 images.
    const accumulated = await train(2, { ...options, graph, accumulateBatches: 3 });
    const whole = await train(6, options);
    expect(whole.steps).toHaveLength(6);
    close(accumulated.steps, whole.steps);
    close(accumulated.epochs, whole.epochs);
    close(accumulated.weights, whole.weights);
    expect((await train(2, options)).weights).not.toEqual(whole.weights);
  });

  it('leaves nothing behind when a later batch of a step is refused', async () => {
    const source = memorySource({ samples: 8, batchSize: 2 });
    const broken = {
      ...source,
      async *epoch(index: number) {
        let number = 0;
        for await (const batch of source.epoch(index)) {
          if (++number === 3) batch.labels[0] = 7;
          yield batch;
        }
      },
    };
    await expect(train(2, { accumulateBatches: 4, train: broken })).rejects.toThrow(
      /The label of image-\d is 7; the classes have indices 0 to 2/,
    );
  });

  it('counts the steps of an epoch in its schedule and events', async () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.flatten({ inputShape: [4, 4, 3] }),
        tfl.layers.dense({ units: 3, kernelInitializer: 'zeros' }),
      ],
    });
    const events = await collect(
      fit({
        model,
        train: memorySource({ samples: 16, batchSize: 2 }),
        epochs: 2,
        learningRate: 1,
        accumulateBatches: 3,
        schedule: 'linear',
      }),
    );
    model.dispose();
    expect(events[0]).toMatchObject({ batchesPerEpoch: 8, stepsPerEpoch: 3 });
    const steps = events.flatMap((event) => (event.type === 'step' ? [event] : []));
    expect(steps.map(({ batch }) => batch)).toEqual([3, 6, 8, 3, 6, 8]);
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    steps.forEach(({ learningRate }, index) => expect(learningRate).toBeCloseTo(1 - index / 6, 12));
  });
});
