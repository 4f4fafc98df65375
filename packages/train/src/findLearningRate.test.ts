import type { BatchSource, TrainingEvent } from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findLearningRate, type FindLearningRateOptions } from './findLearningRate.js';
import { memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import { snapshotWeights } from './weights.js';

let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const linearModel = (): tfl.LayersModel =>
  tfl.sequential({
    layers: [
      tfl.layers.flatten({ inputShape: [4, 4, 3] }),
      tfl.layers.dense({ units: 3, kernelInitializer: 'zeros' }),
    ],
  });

/** Batches of 8 images, a third of which have the label of another class, so that the loss cannot fall to 0. */
function wrongLabels(): BatchSource {
  const source = memorySource({ samples: 24, batchSize: 8 });
  return {
    ...source,
    async *epoch(index, { firstBatch = 0 } = {}) {
      let batch = 3 * index + firstBatch;
      for await (const given of source.epoch(index, { firstBatch })) {
        yield {
          ...given,
          labels: given.labels.map((label, i) => ((batch + i) % 3 === 0 ? (label + 1) % 3 : label)),
        };
        batch += 1;
      }
    },
  };
}

/** The test of a linear model by SGD, and the range of fastai's `lr_find`, which ends one step before its last rate. */
async function test(
  [start, end]: readonly [number, number],
  options: Partial<FindLearningRateOptions> = {},
): ReturnType<typeof findLearningRate> {
  const model = linearModel();
  try {
    const to = start * (end / start) ** (59 / 60);
    const sgd = { optimizer: 'sgd', sgd: { momentum: 0 } } as const;
    return await findLearningRate({
      ...{ model, train: wrongLabels(), from: start, to, steps: 60, ...sgd },
      ...options,
    });
  } finally {
    model.dispose();
  }
}

eachBackend(() => {
  // fastai 2.8.12 with PyTorch 2.15: Learner.lr_find(1e-5, 10, 60, suggest_funcs=steep) on the same batches and model.
  it('finds what fastai finds', async () => {
    const { points, suggestion, diverged } = await test([1e-5, 10]);
    expect(points).toHaveLength(60);
    expect(points[59].learningRate).toBeCloseTo(7.94328234724281, 12);
    expect(suggestion).toBeCloseTo(0.07943282276391983, 8);
    expect(diverged).toBe(false);
    const expected = {
      0: 1.098611,
      9: 1.098161,
      25: 1.09228,
      43: 1.044946,
      50: 1.282709,
      59: 3.899029,
    };
    for (const [step, loss] of Object.entries(expected))
      expect(Math.abs(points[Number(step)].smoothedLoss / loss - 1)).toBeLessThan(2e-5);
  });

  // The same from 1e-4 to 60: fastai ends after 51 steps too. It suggests 0.57, a dip in losses that already rise.
  it('ends where the loss diverges, and suggests a rate from before its rise', async () => {
    const { points, suggestion, diverged } = await test([1e-4, 60]);
    expect([points.length, diverged]).toEqual([51, true]);
    expect(Math.abs(points[50].smoothedLoss / 4.882854 - 1)).toBeLessThan(2e-5);
    expect(suggestion).toBe(points[28].learningRate); // from 1.031703 to 1.018219; the lowest loss is at step 35
  });

  it('leaves the model as it was, and suggests the same rate again', async () => {
    const model = await tinyModel();
    const train = memorySource({ samples: 10, batchSize: 4 });
    const before = await snapshotWeights(model);
    const events: TrainingEvent[] = [];
    const options = { model, train, steps: 20, mixup: 0.2, accumulateBatches: 2, graph: true };
    const first = await findLearningRate({ ...options, onEvent: (event) => events.push(event) });
    expect(await snapshotWeights(model)).toEqual(before);
    expect(await findLearningRate(options)).toEqual(first);
    expect(train.open).toBe(0);
    model.dispose();
    expect(first.points.map(({ loss }) => loss)).toEqual(
      events.flatMap((event) => (event.type === 'step' ? [event.loss] : [])),
    );
    expect(first.points).toHaveLength(20);
    expect(first.points[19].learningRate).toBeCloseTo(1, 12);
  });

  it('suggests nothing if no loss falls, or only as much as it varies between batches', async () => {
    const rates = { from: 1e-12, to: 1e-11 };
    expect((await test([1, 2], rates)).suggestion).toBeNull();
    const model = await tinyModel({ noise: false });
    const train = memorySource({ samples: 400, batchSize: 4, seed: 3 });
    const { points, suggestion } = await findLearningRate({ model, train, steps: 100, ...rates });
    model.dispose();
    const losses = points.map(({ smoothedLoss }) => smoothedLoss);
    expect(Math.min(...losses.slice(10))).toBeLessThan(losses[10]); // by chance alone
    expect(suggestion).toBeNull();
  });

  it('passes on a loss that is not finite before the first update', async () => {
    const source = memorySource({ samples: 24, batchSize: 8 });
    const train: BatchSource = {
      ...source,
      async *epoch(index) {
        for await (const batch of source.epoch(index))
          yield { ...batch, images: batch.images.map(() => NaN) };
      },
    };
    await expect(test([1e-5, 10], { train })).rejects.toThrow(/^The loss is NaN at step 1 /);
  });

  it('ends at the signal without a result, and with the weights as before', async () => {
    const model = linearModel();
    const stop = new AbortController();
    const before = await snapshotWeights(model);
    const train = memorySource({ samples: 24, batchSize: 8 });
    const onEvent = (): void => stop.abort(new Error('stopped'));
    await expect(findLearningRate({ model, train, signal: stop.signal, onEvent })).rejects.toThrow(
      'stopped',
    );
    expect(await snapshotWeights(model)).toEqual(before);
    model.dispose();
  });
});

it('says what is wrong with its options', async () => {
  await expect(test([1, 1], { from: 0.1, to: 0.01 })).rejects.toThrow(
    'from: got learning rates from 0.1 to 0.01 (a first one above 0, and a higher last one of at most 100)',
  );
  await expect(test([1e-5, 1], { steps: 19 })).rejects.toThrow(
    'steps: got 19 (an integer from 20 to 10000)',
  );
});
