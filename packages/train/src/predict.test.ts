import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { predict } from './predict.js';
import { memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import { meanLoss } from './validationMetrics.js';
import { restoreWeights, snapshotWeights } from './weights.js';

eachBackend(() => {
  it('returns one row per sample in the order of the source, each summing to 1, and leaves no tensors', async () => {
    const model = await tinyModel();
    const source = memorySource({ samples: 10, batchSize: 4, ordered: true });
    const before = tf.memory().numTensors;
    const progress: number[] = [];
    const predictions = await predict(model, source, {
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(progress).toEqual([0.4, 0.8, 1]);
    expect(predictions.ids).toEqual(Array.from({ length: 10 }, (_, i) => `image-${i}`));
    expect([...predictions.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    for (let i = 0; i < 10; i++) {
      const row = predictions.probabilities.subarray(3 * i, 3 * i + 3);
      expect(Math.abs(row[0] + row[1] + row[2] - 1)).toBeLessThan(4e-16);
    }
    model.dispose();
  });

  it('runs in evaluation mode: the batch size does not change the result', async () => {
    const model = await tinyModel();
    const [one, many] = [
      await predict(model, memorySource({ samples: 6, batchSize: 1, ordered: true })),
      await predict(model, memorySource({ samples: 6, batchSize: 6, ordered: true })),
    ];
    one.probabilities.forEach((value, i) =>
      expect(Math.abs(value - many.probabilities[i])).toBeLessThan(1e-6),
    );
    model.dispose();
  });

  it('names the samples whose output is not finite', async () => {
    const input = tfl.input({ shape: [4, 4, 3] });
    const model = tfl.model({
      inputs: input,
      outputs: tfl.layers
        .dense({ units: 3 })
        .apply(tfl.layers.flatten().apply(input)) as tfl.SymbolicTensor,
    });
    const values = await snapshotWeights(model);
    values.forEach(({ data }) => data.fill(Infinity));
    restoreWeights(model, values);
    await expect(
      predict(model, memorySource({ samples: 4, batchSize: 2, ordered: true })),
    ).rejects.toThrow(/not finite.*image-0, image-1\./);
    model.dispose();
  });

  it('stops when the signal is aborted', async () => {
    const model = await tinyModel();
    const source = memorySource({ samples: 10, batchSize: 2 });
    const controller = new AbortController();
    const stopping = predict(model, source, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopping).rejects.toThrow(/abort/i);
    expect(source.open).toBe(0);
    await expect(predict(model, source, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    model.dispose();
  });
});

it('meanLoss is the mean of -log p, finite for a probability of zero', () => {
  const predictions = (...rows: number[]) => ({
    classes: ['a', 'b'],
    ids: ['x', 'y'],
    labels: Int32Array.of(0, 1),
    probabilities: Float64Array.from(rows),
  });
  expect(meanLoss(predictions(0.5, 0.5, 0.25, 0.75))).toBeCloseTo(
    -(Math.log(0.5) + Math.log(0.75)) / 2,
    14,
  );
  expect(meanLoss(predictions(0, 1, 0, 1))).toBeCloseTo((52 * Math.LN2) / 2, 12);
  expect(() => meanLoss({ ...predictions(1, 0, 0, 1), labels: Int32Array.of(0, -1) })).toThrow(
    /-1/,
  );
});
