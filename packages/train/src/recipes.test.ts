import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fit } from './fit.js';
import type { FitOptions } from './loop/fitOptions.js';
import { collect, memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import type { TrainOptionsInput } from './trainOptions.js';
import { snapshotWeights } from './weights.js';

/** Training recipes: each must change the result, run as graphs, and resume bit for bit. */
const recipes: readonly TrainOptionsInput[] = [
  { optimizer: 'adamw', clipNorm: 0.5 },
  { weightDecay: 0.1, schedule: { kind: 'one-cycle', peakAt: 0.4 } },
  { optimizer: 'sgd', weightDecay: 0.01, schedule: { kind: 'warm-restarts', restartEpochs: 1 } },
  { optimizer: 'sgd', sgd: { momentum: 0.8, nesterov: true } },
  { optimizer: 'sgd', sgd: { momentum: 0 }, clipNorm: 1 },
  { labelSmoothing: 0.1, classWeights: [1, 2, 1] },
  { loss: 'focal', focal: { gamma: 1.5 } },
  { mixup: 0.4 },
  { cutmix: 1, classWeights: [1, 2, 1] },
  { accumulateBatches: 2, mixup: 0.2, cutmix: 1 },
  { layerDecay: 0.5, optimizer: 'adamw', clipNorm: 1 },
  { freezeStages: 1 },
  { headEpochs: 1, layerDecay: 0.5, schedule: 'cosine' },
  { headEpochs: 2, freezeStages: 1, optimizer: 'sgd', ema: { decay: 0.5 } },
  { ema: { decay: 0.8 }, earlyStopping: { patience: 9 } },
];

/** Layers of the tiny model. */
const stages = [['hidden'], ['bn']];

let folder: string;
let tensors: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipes-'));
  tensors = tf.memory().numTensors;
});
afterEach(async () => {
  expect(tf.memory().numTensors).toBe(tensors);
  await rm(folder, { recursive: true });
});

const epochs = 4;

/** Trains a new model in epochs of two steps, until `stop`; returns the bits of its weights. */
async function trained(options: Partial<FitOptions>, stop = Infinity): Promise<number[]> {
  const model = await tinyModel({ noise: false });
  const controller = new AbortController();
  const events = fit({
    train: memorySource({ samples: 8, batchSize: 4 }),
    validation: memorySource({ samples: 6, batchSize: 3, seed: 2 }),
    epochs,
    learningRate: 1e-2,
    stages,
    ...options,
    model,
    signal: controller.signal,
  });
  try {
    for await (const event of events) {
      if (event.type === 'step' && event.step === stop) controller.abort();
      if (event.type === 'warning') throw new Error(event.message);
    }
    return await bits(model);
  } finally {
    model.dispose();
  }
}

async function bits(model: LayersModel): Promise<number[]> {
  return [...(await snapshotWeights(model)).values()].flatMap(({ data }) => [
    ...new Uint32Array(data.buffer, data.byteOffset, data.length),
  ]);
}

eachBackend((backend) => {
  let plain: number[] | undefined;

  // On WebAssembly there are no graphs, and createOptimizer.test.ts resumes each optimizer.
  it.each(backend === 'native' ? recipes : recipes.slice(-1))(
    'resumes to the same bits, as graphs: %j',
    async (recipe) => {
      const whole = await trained(recipe);
      expect(whole).not.toEqual((plain ??= await trained({})));
      const resumed = { ...recipe, run: join(folder, 'run'), graph: true, resume: true };
      await trained({ ...resumed, resume: false }, 3);
      expect(await trained(resumed)).toEqual(whole);
    },
  );

  it('refuses to resume with another recipe', async () => {
    const run = join(folder, 'run');
    const recipe: TrainOptionsInput = { optimizer: 'adamw', clipNorm: 1, labelSmoothing: 0.1 };
    await trained({ ...recipe, run }, 3);
    const other = trained({ optimizer: 'sgd', run, resume: true });
    await expect(other).rejects.toThrow(InputError);
    await other.catch(({ issues }: InputError) => {
      expect(issues.map(({ path }) => path).sort()).toEqual([
        'adam',
        'clipNorm',
        'labelSmoothing',
        'optimizer',
        'sgd',
        'weightDecay',
        'weightDecayOf',
      ]);
      expect(issues.find(({ path }) => path === 'optimizer')).toMatchObject({
        message: 'is "sgd"',
        hint: 'the run was started with "adamw"',
      });
    });
  });

  it('trains findings with smoothed labels and the focal loss, and refuses alpha of classes', async () => {
    const model = await tinyModel({ classes: 2, noise: false });
    const train = memorySource({ samples: 8, batchSize: 4, findings: 2 });
    const start = await bits(model);
    for (const recipe of [
      { labelSmoothing: 0.2 },
      { loss: 'focal', focal: { gamma: 2, alpha: 0.25 } },
    ] satisfies TrainOptionsInput[])
      await collect(fit({ model, train, epochs: 1, ...recipe }));
    expect(await bits(model)).not.toEqual(start);
    model.dispose();
    await expect(trained({ loss: 'focal', focal: { alpha: 0.3 } })).rejects.toThrow(
      'focal.alpha: has no effect: the images have one class each',
    );
  });
});
