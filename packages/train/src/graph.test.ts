import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fit } from './fit.js';
import type { FitOptions } from './loop/fitOptions.js';
import { predict } from './predict.js';
import { collect, memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import { snapshotWeights } from './weights.js';

/** Number of graph executions since the test started. */
let graphRuns: number;
let folder: string;
let restore: () => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graph-'));
  graphRuns = 0;
  const backend = tf.backend() as unknown as {
    binding?: { runSavedModel: (...parameters: unknown[]) => unknown };
  };
  const { binding } = backend;
  restore = () => void (binding !== undefined && (backend.binding = binding));
  if (binding === undefined) return;
  const runSavedModel = (...parameters: unknown[]): unknown => (
    graphRuns++,
    binding.runSavedModel(...parameters)
  );
  backend.binding = Object.create(binding, {
    runSavedModel: { value: runSavedModel },
  }) as typeof binding;
});
afterEach(async () => {
  restore();
  await rm(folder, { recursive: true });
});

async function bits(model: LayersModel): Promise<number[]> {
  return [...(await snapshotWeights(model)).values()].flatMap(({ data }) => [
    ...new Uint32Array(data.buffer, data.byteOffset, data.length),
  ]);
}

/** Twelve steps of four samples and six of two, validated three at a time. */
const options = {
  train: memorySource({ samples: 10, batchSize: 4 }),
  validation: memorySource({ samples: 6, batchSize: 3, seed: 2 }),
  epochs: 6,
  learningRate: 1e-2,
  classWeights: [1, 2, 1],
};

async function trained(more: Partial<FitOptions>, noise = false): Promise<number[]> {
  const model = await tinyModel({ noise });
  await collect(fit({ ...options, ...more, model }));
  const result = await bits(model);
  model.dispose();
  return result;
}

eachBackend((backend) => {
  const native = backend === 'native';

  it('trains to the same bits with a graph, and leaves no tensors', async () => {
    const before = tf.memory().numTensors;
    const final = await trained({ graph: true });
    expect(tf.memory().numTensors).toBe(before);
    // Per shape, the first two steps run as usual and the third both ways: 9 + 1 and 3 + 1; of twelve validation batches 9 + 1.
    expect(graphRuns).toBe(native ? 10 + 4 + 10 : 0);
    expect(final).toEqual(await trained({}));
  });

  it('resumes from a checkpoint to the same bits', async () => {
    const run = join(folder, 'run');
    const controller = new AbortController();
    const first = await tinyModel({ noise: false });
    for await (const event of fit({
      ...options,
      model: first,
      run,
      graph: true,
      signal: controller.signal,
    }))
      if (event.type === 'step' && event.step === 11) controller.abort();
    first.dispose();
    expect(await trained({ run, resume: true, graph: true })).toEqual(await trained({}));
  });

  it.runIf(native)('warns when steps cannot run as a graph', async () => {
    const backend = tf.backend() as unknown as { binding: object };
    backend.binding = Object.create(backend.binding, {
      loadSavedModel: {
        value: () => {
          throw new Error('no graphs today');
        },
      },
    }) as object;
    const model = await tinyModel({ noise: false });
    const warnings = (await collect(fit({ ...options, model, graph: true }))).filter(
      ({ type }) => type === 'warning',
    );
    expect(warnings).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          /single operations instead of one graph.*no graphs today/,
        ) as string,
      }),
    ]);
    expect(await bits(model)).toEqual(await trained({}));
    model.dispose();
  });

  it('does not compile steps with random layers', async () => {
    const final = await trained({ graph: true, validation: undefined }, true);
    expect(graphRuns).toBe(0);
    expect(final).toEqual(await trained({ validation: undefined }, true));
  });

  it('predicts the same for many batches', async () => {
    const model = await tinyModel();
    const source = memorySource({ samples: 41, batchSize: 2 });
    const single = await predict(model, source);
    expect(graphRuns).toBe(0);
    expect(await predict(model, source, { graph: true })).toEqual(single);
    expect(graphRuns).toBe(native ? 18 : 0);
    const few = memorySource({ samples: 20, batchSize: 2 });
    await predict(model, few, { graph: true });
    expect(graphRuns).toBe(native ? 18 : 0);
    model.dispose();
  });
});
