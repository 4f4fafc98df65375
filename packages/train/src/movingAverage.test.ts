import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadCheckpoint } from './checkpoint/loadCheckpoint.js';
import { fit } from './fit.js';
import { createMovingAverage } from './movingAverage.js';
import { predict } from './predict.js';
import { collect, memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import { meanLoss } from './validationMetrics.js';
import { namedWeights, readWeights, restoreWeights, snapshotWeights } from './weights.js';

/** Made by test/golden/make_recipes.py with PyTorch's AveragedModel in float64. */
const { ema } = JSON.parse(
  readFileSync(new URL('../test/golden/torch_recipes.json', import.meta.url), 'utf8'),
) as { ema: { decay: number; average_after_each: number[][] } };

let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Sets weight i of the layer fc's bias to sin(i + t), and all others to 0. */
function setWeights(weights: ReturnType<typeof namedWeights>, t: number): void {
  for (const { name, variable } of weights)
    tf.tidy(() => {
      const values = Float32Array.from({ length: variable.size }, (_, i) => Math.sin(i + t));
      if (name === 'fc/bias') variable.assign(tf.tensor(values, variable.shape));
    });
}

eachBackend(() => {
  it("equals PyTorch's average", async () => {
    const model = await tinyModel({ noise: false });
    const weights = namedWeights(model);
    setWeights(weights, 0);
    const average = createMovingAverage(model, ema.decay);
    for (const [t, expected] of ema.average_after_each.entries()) {
      setWeights(weights, t + 1);
      average.update();
      const { data } = (await readWeights(average.weights())).get('fc/bias')!;
      data.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
    }
    const before = await snapshotWeights(model);
    average.exchange();
    expect(await snapshotWeights(model)).not.toEqual(before);
    expect(await readWeights(average.weights())).toEqual(before);
    average.exchange();
    expect(await snapshotWeights(model)).toEqual(before);
    average.dispose();
    model.dispose();
  });

  it('validates, keeps and ends with the average, and trains the weights as without it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'average-'));
    const validation = memorySource({ samples: 6, batchSize: 3, seed: 2 });
    const train = memorySource({ samples: 8, batchSize: 4 });
    const run = join(folder, 'run');
    const common = { train, validation, epochs: 3, learningRate: 1e-2 };
    const [plain, averaged] = [await tinyModel(), await tinyModel()];
    await collect(fit({ ...common, model: plain }));
    const events = await collect(fit({ ...common, model: averaged, run, ema: { decay: 0.7 } }));

    const { checkpoint } = (await loadCheckpoint(join(run, 'checkpoints/last')))!;
    expect(checkpoint.trained).toEqual(await snapshotWeights(plain));
    expect(checkpoint.weights).toEqual(await snapshotWeights(averaged));
    expect(checkpoint.weights).not.toEqual(checkpoint.trained);
    const epochs = events.filter((event) => event.type === 'epoch');
    const loss = meanLoss(await predict(averaged, validation));
    expect(epochs.at(-1)!.validation!.loss).toBe(loss);

    const best = (await loadCheckpoint(join(run, 'checkpoints/best')))!.checkpoint;
    expect(best.trained).toBeUndefined();
    restoreWeights(averaged, best.weights);
    expect(meanLoss(await predict(averaged, validation))).toBe(
      epochs[best.progress.epoch - 1].validation!.loss,
    );
    plain.dispose();
    averaged.dispose();
    await rm(folder, { recursive: true });
  });
});
