import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, type TrainingEvent, UnavailableError } from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import { createRunFolder, openRunFolder, readEvents } from '@nonlocal-med/runs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadCheckpoint } from './checkpoint/loadCheckpoint.js';
import { fit } from './fit.js';
import type { FitOptions } from './loop/fitOptions.js';
import { collect, memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import { snapshotWeights } from './weights.js';

eachBackend(() => {
  let run: string;
  let tensors: number;
  beforeEach(async () => {
    run = join(await mkdtemp(join(tmpdir(), 'fit-')), 'run');
    tensors = tf.memory().numTensors;
  });
  afterEach(async () => {
    expect(tf.memory().numTensors).toBe(tensors);
    await rm(join(run, '..'), { recursive: true });
  });

  /** Trains a new model; returns the events and the final weights. */
  async function train(
    options: Partial<FitOptions> = {},
  ): Promise<{ events: TrainingEvent[]; weights: Awaited<ReturnType<typeof snapshotWeights>> }> {
    const model = await tinyModel();
    try {
      const events = await collect(
        fit({
          model,
          train: memorySource({ samples: 10, batchSize: 4 }),
          validation: memorySource({ samples: 6, batchSize: 3, seed: 3 }),
          epochs: 2,
          learningRate: 1e-2,
          run,
          ...options,
        }),
      );
      return { events, weights: await snapshotWeights(model) };
    } finally {
      model.dispose();
    }
  }

  it('writes configuration, log, last and best checkpoint', async () => {
    const { events, weights } = await train();
    const folder = await openRunFolder(run);
    expect(folder.config).toMatchObject({ epochs: 2, learningRate: 0.01, adam: { epsilon: 1e-8 } });
    expect(folder.environment).toMatchObject({ backend: tf.getBackend() });
    expect(await folder.status()).toEqual({
      state: 'finished',
      epochs: 2,
      steps: 6,
      evaluated: false,
    });
    expect(
      (await readEvents(folder.file('events.jsonl'))).map(({ time: _, ...event }) => event),
    ).toEqual(events);
    const last = (await loadCheckpoint(folder.file('checkpoints', 'last')))!.checkpoint;
    expect(last.weights).toEqual(weights);
    expect(last.optimizer!.step).toBe(6);
    const best = (await loadCheckpoint(folder.file('checkpoints', 'best')))!.checkpoint;
    const end = events.at(-1) as Extract<TrainingEvent, { type: 'end' }>;
    expect(best.progress.epoch).toBe(end.bestEpoch);
    expect(best.optimizer).toBeUndefined();
  });

  it('refuses to train over a run', async () => {
    await train({ epochs: 1 });
    await expect(train()).rejects.toThrow(InputError);
    await expect(train()).rejects.toThrow(/already finished \(choose another folder/);
  });

  it('refuses a run that is being trained', async () => {
    const model = await tinyModel();
    const events = fit({ model, train: memorySource({ samples: 10, batchSize: 4 }), run });
    await events.next();
    await expect(train({ resume: true })).rejects.toThrow(UnavailableError);
    await events.return();
    model.dispose();
    await train({ resume: true });
  });

  it('refuses to resume with other options and names each', async () => {
    await train({ epochs: 1 });
    const resumed = train({
      resume: true,
      learningRate: 0.5,
      seed: 9,
      synchronizedBatchNorm: true,
      train: memorySource({ samples: 12, batchSize: 4 }),
    });
    await expect(resumed).rejects.toThrow(InputError);
    await resumed.catch((error: InputError) => {
      expect(error.issues.map(({ path }) => path)).toEqual([
        'learningRate',
        'synchronizedBatchNorm',
        'seed',
        'samples',
      ]);
      expect(error.issues[0]).toMatchObject({
        message: 'is 0.5',
        hint: 'the run was started with 0.01',
      });
    });
    await expect(train({ resume: true, run: join(run, 'nothing') })).rejects.toThrow(
      /nothing: does not exist/,
    );
  });

  it('continues to more epochs as if they had been requested at once', async () => {
    await train({ epochs: 1 });
    const { events, weights } = await train({ epochs: 3, resume: true });
    expect(events[0]).toMatchObject({ type: 'start', resumedAtStep: 3 });
    const atOnce = await train({ epochs: 3, run: `${run}-at-once` });
    expect(weights).toEqual(atOnce.weights);
    await expect(train({ epochs: 4, resume: true, schedule: 'cosine' })).rejects.toThrow(
      /schedule/,
    );
  });

  it('starts if there is no checkpoint yet and keeps what its caller had logged', async () => {
    const folder = await createRunFolder(run, { config: {}, environment: {} });
    await folder.appendEvent({ type: 'warning', message: 'an image was skipped' });
    await folder.appendEvent({
      type: 'start',
      epochs: 2,
      batchesPerEpoch: 3,
      samples: 10,
      resumedAtStep: 0,
    });
    await train({ resume: true, run: folder });
    const events = await readEvents(folder.file('events.jsonl'));
    expect(events.map(({ type }) => type).slice(0, 4)).toEqual([
      'warning',
      'start',
      'warning',
      'step',
    ]);
    expect(events[2]).toMatchObject({
      message:
        'The run was interrupted before a checkpoint was written: training starts again at epoch 1.',
    });
  });

  it('resumes from any step and requests the remaining batches', async () => {
    const whole = await train({ run: `${run}-whole` });
    for (let stop = 1; stop <= 6; stop++) {
      const path = `${run}-${stop}`;
      const model = await tinyModel();
      const controller = new AbortController();
      for await (const event of fit({
        model,
        train: memorySource({ samples: 10, batchSize: 4 }),
        validation: memorySource({ samples: 6, batchSize: 3, seed: 3 }),
        epochs: 2,
        learningRate: 1e-2,
        run: path,
        signal: controller.signal,
      })) {
        if (event.type === 'step' && event.step === stop) controller.abort();
      }
      model.dispose();
      const source = memorySource({ samples: 10, batchSize: 4 });
      const { events, weights } = await train({ run: path, resume: true, train: source });
      expect(events[0]).toMatchObject({ resumedAtStep: stop });
      expect(source.requests[0]).toEqual(
        stop === 3 ? [1, 0] : stop === 6 ? undefined : [Math.floor(stop / 3), stop % 3],
      );
      expect(weights).toEqual(whole.weights);
      expect(events.at(-1)).toMatchObject({
        bestEpoch: (whole.events.at(-1) as { bestEpoch: number }).bestEpoch,
      });
    }
  });

  it('repeats a validation that was interrupted', async () => {
    const whole = await train({ run: `${run}-whole` });
    const controller = new AbortController();
    const validation = memorySource({ samples: 6, batchSize: 3, seed: 3 });
    let reads = 0;
    const interrupting: typeof validation = {
      ...validation,
      async *epoch(index) {
        for await (const batch of validation.epoch(index)) {
          if (++reads === 3) controller.abort(); // the first batch after the second epoch
          yield batch;
        }
      },
    };
    const first = await train({ validation: interrupting, signal: controller.signal });
    expect(first.events.filter(({ type }) => type === 'epoch')).toHaveLength(1);
    expect(first.events.at(-1)).toMatchObject({ reason: 'interrupted', epoch: 1, step: 6 });
    const { events, weights } = await train({ resume: true });
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'start', resumedAtStep: 6 },
      { type: 'epoch', epoch: 2 },
    ]);
    expect((events[1] as { validation: object }).validation).toEqual(
      (whole.events.findLast(({ type }) => type === 'epoch') as { validation: object }).validation,
    );
    expect(weights).toEqual(whole.weights);
  });

  it('restores the best weights from disk after a resume', async () => {
    const scripted = (): (() => Record<string, number>) => {
      const script = [0.9, 0.5, 0.6, 0.7];
      let epoch = 0;
      return () => ({ auc: script[epoch++] });
    };
    const { weights } = await train({ epochs: 1, evaluate: scripted(), run: `${run}-one` });
    await train({ epochs: 2, evaluate: scripted(), earlyStopping: { patience: 3 } });
    let epoch = 2;
    const resumed = await train({
      epochs: 9,
      resume: true,
      evaluate: () => ({ auc: 0.1 * epoch++ }),
      earlyStopping: { patience: 3 },
    });
    expect(resumed.events.at(-1)).toMatchObject({ reason: 'early-stop', epoch: 4, bestEpoch: 1 });
    expect(resumed.weights).toEqual(weights);
    const again = await train({ epochs: 9, resume: true, earlyStopping: { patience: 3 } });
    expect(again.events.map(({ type }) => type)).toEqual(['end']);
    expect(again.weights).toEqual(weights);
  });
});
