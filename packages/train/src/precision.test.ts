import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachBackend } from '@nonlocal-med/engine/testing';
import { bfloat16Support } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { fit } from './fit.js';
import type { FitOptions } from './loop/fitOptions.js';
import { repeatPrecision, resolvePrecision } from './precision.js';
import { predict } from './predict.js';
import { collect, memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import { snapshotWeights } from './weights.js';

const { isSupported, isFast } = bfloat16Support();

async function bits(model: LayersModel): Promise<number[]> {
  return [...(await snapshotWeights(model)).values()].flatMap(({ data }) => [
    ...new Uint32Array(data.buffer, data.byteOffset, data.length),
  ]);
}

const train = memorySource({ samples: 12, batchSize: 4 });
const options = { train, epochs: 10, learningRate: 1e-2 };

/** The losses of 30 steps, and the weights after them. */
async function trained(
  more: Partial<FitOptions>,
): Promise<{ losses: number[]; weights: number[] }> {
  const model = await tinyModel({ noise: false });
  const events = await collect(fit({ ...options, ...more, model }));
  const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
  const weights = await bits(model);
  model.dispose();
  return { losses, weights };
}

eachBackend((backend) => {
  const native = backend === 'native';

  describe.runIf(!native)('without native TensorFlow', () => {
    it('refuses bfloat16, and says why', async () => {
      const model = await tinyModel({ noise: false });
      await expect(collect(fit({ ...options, precision: 'bfloat16', model }))).rejects.toThrow(
        '"bfloat16" is not available: it needs native TensorFlow, and the backend is wasm',
      );
      model.dispose();
    });

    it('computes auto, and what was computed in bfloat16, in float32', async () => {
      const model = await tinyModel({ noise: false });
      expect(resolvePrecision('auto', model).precision).toBe('float32');
      expect(resolvePrecision('float32', model)).toEqual({ precision: 'float32' });
      expect(repeatPrecision('float32')).toEqual({ precision: 'float32' });
      expect(repeatPrecision('bfloat16')).toEqual({
        precision: 'float32',
        note: 'Computed in float32 instead of bfloat16 (it needs native TensorFlow, and the backend is wasm): probabilities may differ in the third digit.',
      });
      model.dispose();
    });
  });

  describe.runIf(native && isSupported)('bfloat16', () => {
    it('follows the losses of float32 over 30 steps, with other weights', async () => {
      const before = tf.memory().numTensors;
      const [exact, lower] = [await trained({}), await trained({ precision: 'bfloat16' })];
      expect(tf.memory().numTensors).toBe(before);
      expect(exact.losses).toHaveLength(30);
      exact.losses.forEach((loss, i) =>
        expect(Math.abs(lower.losses[i] - loss)).toBeLessThan(0.05),
      );
      expect(lower.weights).not.toEqual(exact.weights);
    });

    it('trains to the same bits with a graph', async () => {
      expect(await trained({ precision: 'bfloat16', graph: true })).toEqual(
        await trained({ precision: 'bfloat16' }),
      );
    });

    it('resumes to the same bits, and only in the same precision', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'precision-'));
      try {
        const run = join(folder, 'run');
        const controller = new AbortController();
        const first = await tinyModel({ noise: false });
        for await (const event of fit({
          ...options,
          precision: 'bfloat16',
          model: first,
          run,
          signal: controller.signal,
        }))
          if (event.type === 'step' && event.step === 11) controller.abort();
        first.dispose();
        await expect(trained({ run, resume: true })).rejects.toThrow(
          'the run was started with "bfloat16"',
        );
        const resumed = await trained({ run, resume: true, precision: 'bfloat16' });
        expect(resumed.weights).toEqual((await trained({ precision: 'bfloat16' })).weights);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('predicts nearly what float32 does', async () => {
      const model = await tinyModel({ noise: false });
      await collect(fit({ ...options, model }));
      const before = tf.memory().numTensors;
      const exact = await predict(model, train);
      const lower = await predict(model, train, { precision: 'bfloat16' });
      expect(tf.memory().numTensors).toBe(before);
      const differences = exact.probabilities.map((p, i) => Math.abs(p - lower.probabilities[i]));
      expect(Math.max(...differences)).toBeLessThan(0.02);
      expect(Math.max(...differences)).toBeGreaterThan(0);
      model.dispose();
    });

    it('is what auto means on a processor with AMX', async () => {
      const model = await tinyModel({ noise: false });
      const { precision } = resolvePrecision('auto', model);
      expect(precision).toBe(isFast ? 'bfloat16' : 'float32');
      expect(resolvePrecision('bfloat16', model).note).toBe(
        isFast
          ? undefined
          : 'This processor has no AMX instructions: bfloat16 is usually slower than float32 on it.',
      );
      model.dispose();
    });
  });
});
