import { readFileSync } from 'node:fs';
import { type Batch, type BatchSource, InputError, type TrainingEvent } from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fit } from './fit.js';
import type { FitOptions } from './loop/fitOptions.js';
import { collect, memorySource } from './testing/memorySource.js';
import { type NoisyLayer, tinyModel } from './testing/tinyModel.js';
import { restoreWeights, snapshotWeights } from './weights.js';

type EventOf<T extends TrainingEvent['type']> = Extract<TrainingEvent, { type: T }>;
const only = <T extends TrainingEvent['type']>(events: TrainingEvent[], type: T): EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type);

/** All weights as one list, to compare two models bit for bit. */
async function bits(model: tfl.LayersModel): Promise<number[]> {
  return [...(await snapshotWeights(model)).values()].flatMap(({ data }) => [
    ...new Uint32Array(data.buffer, data.byteOffset, data.length),
  ]);
}

async function train(
  model: tfl.LayersModel,
  options: Partial<FitOptions>,
): Promise<{ events: TrainingEvent[]; model: tfl.LayersModel; final: number[] }> {
  const events = await collect(
    fit({
      train: memorySource({ samples: 10, batchSize: 4 }),
      epochs: 2,
      learningRate: 1e-2,
      ...options,
      model,
    }),
  );
  return { events, model, final: await bits(model) };
}

eachBackend(() => {
  let tensorsBefore: number;
  let models: tfl.LayersModel[];
  beforeEach(() => {
    tensorsBefore = tf.memory().numTensors;
    models = [];
  });
  afterEach(() => {
    models.forEach((model) => model.dispose());
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });
  const run = async (options: Partial<FitOptions> = {}): ReturnType<typeof train> => {
    const model = options.model ?? (await tinyModel());
    models.push(model);
    return train(model, options);
  };

  it('yields events in order, counting from 1', async () => {
    const { events } = await run({
      validation: memorySource({ samples: 6, batchSize: 4, seed: 2 }),
    });
    expect(events.map(({ type }) => type)).toEqual([
      'start',
      'step',
      'step',
      'step',
      'epoch',
      'step',
      'step',
      'step',
      'epoch',
      'end',
    ]);
    expect(events[0]).toEqual({
      type: 'start',
      epochs: 2,
      batchesPerEpoch: 3,
      samples: 10,
      resumedAtStep: 0,
    });
    expect(only(events, 'step').map(({ epoch, batch, step }) => [epoch, batch, step])).toEqual([
      [1, 1, 1],
      [1, 2, 2],
      [1, 3, 3],
      [2, 1, 4],
      [2, 2, 5],
      [2, 3, 6],
    ]);
    const [first] = only(events, 'epoch');
    expect(first).toMatchObject({ epoch: 1, best: true });
    expect(Object.keys(first.validation ?? {})).toEqual(
      expect.arrayContaining(['auc', 'accuracy', 'loss']),
    );
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'finished', epoch: 2, step: 6 });
  });

  it('averages the loss over samples, including an incomplete last batch', async () => {
    const { events } = await run({ epochs: 1 });
    const losses = only(events, 'step').map(({ loss }) => loss);
    expect(only(events, 'epoch')[0].trainLoss).toBeCloseTo(
      (4 * losses[0] + 4 * losses[1] + 2 * losses[2]) / 10,
      12,
    );
  });

  it('weights the loss by the class weights of the samples', async () => {
    const { events } = await run({
      epochs: 1,
      classWeights: [1, 2, 5],
      train: memorySource({ samples: 10, batchSize: 4, ordered: true }),
    });
    const losses = only(events, 'step').map(({ loss }) => loss);
    const weights = [1 + 2 + 5 + 1, 2 + 5 + 1 + 2, 5 + 1];
    expect(only(events, 'epoch')[0].trainLoss).toBeCloseTo(
      (weights[0] * losses[0] + weights[1] * losses[1] + weights[2] * losses[2]) /
        (weights[0] + weights[1] + weights[2]),
      10,
    );
  });

  it('repeats bit for bit, and differs with another seed', async () => {
    const { final } = await run();
    expect((await run()).final).toEqual(final);
    expect((await run({ seed: 1 })).final).not.toEqual(final);
  });

  it('leaves no tensors after any step', async () => {
    const model = await tinyModel();
    models.push(model);
    const counts: number[] = [];
    for await (const event of fit({
      model,
      train: memorySource({ samples: 10, batchSize: 4 }),
      validation: memorySource({ samples: 5, batchSize: 2 }),
      epochs: 3,
    })) {
      if (event.type === 'step') counts.push(tf.memory().numTensors);
      if (event.type === 'epoch') expect(event.tensors).toBe(counts[0]);
    }
    expect(new Set(counts).size).toBe(1);
  });

  it('frees everything when the loop over its events ends early', async () => {
    const model = await tinyModel();
    models.push(model);
    const source = memorySource({ samples: 10, batchSize: 4 });
    for await (const event of fit({ model, train: source })) if (event.type === 'step') break;
    expect(source.open).toBe(0);
  });

  it('updates running statistics and seeds random layers with the step', async () => {
    const { model } = await run();
    const weights = await snapshotWeights(model);
    const mean = [...weights].find(([name]) => name.includes('moving_mean'))!;
    expect(mean[1].data.some((value) => value !== 0)).toBe(true);
    expect((model.getLayer('noise') as NoisyLayer).steps).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('stops early and restores the best weights', async () => {
    const script = [0.5, 0.9, 0.8, 0.7, 0.95];
    const scripted = (): (() => Record<string, number>) => {
      let epoch = 0;
      return () => ({ auc: script[epoch++] });
    };
    const options = { epochs: 5, validation: memorySource({ samples: 6, batchSize: 4 }) };
    const reference = await run({ ...options, epochs: 2, evaluate: scripted() });
    const stopped = await run({ ...options, evaluate: scripted(), earlyStopping: { patience: 2 } });
    expect(stopped.events.at(-1)).toMatchObject({ reason: 'early-stop', epoch: 4, bestEpoch: 2 });
    expect(only(stopped.events, 'epoch').map(({ best }) => best)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(stopped.final).toEqual(reference.final);
    const last = await run({ ...options, epochs: 4, evaluate: scripted() });
    const unrestored = await run({
      ...options,
      evaluate: scripted(),
      earlyStopping: { patience: 2, restoreBest: false },
    });
    expect(unrestored.final).toEqual(last.final);
  });

  it('follows the schedule', async () => {
    const { events } = await run({
      schedule: { kind: 'linear', finalFraction: 0.5 },
      learningRate: 1,
    });
    expect(only(events, 'step').map(({ learningRate }) => learningRate)).toEqual(
      [0, 1, 2, 3, 4, 5].map((step) => expect.closeTo(1 - step / 12, 10) as number),
    );
  });

  it('reports step, learning rate and ids when the loss is not finite', async () => {
    const model = await tinyModel();
    models.push(model);
    const train = memorySource({ samples: 8, batchSize: 4, ordered: true });
    const broken: BatchSource = {
      ...train,
      async *epoch(index, options) {
        for await (const batch of train.epoch(index, options))
          yield batch.ids.includes('image-4')
            ? { ...batch, images: batch.images.fill(NaN) }
            : batch;
      },
    };
    const events: TrainingEvent[] = [];
    const training = (async () => {
      for await (const event of fit({ model, train: broken, learningRate: 0.003 }))
        events.push(event);
    })();
    await expect(training).rejects.toThrow(
      /loss is NaN at step 2 \(epoch 1, learning rate 0\.003\), batch: image-4, image-5, image-6, image-7/,
    );
    expect(only(events, 'step')).toHaveLength(1);
  });

  it('ends after the current step when the signal is aborted', async () => {
    const model = await tinyModel();
    models.push(model);
    const controller = new AbortController();
    const events: TrainingEvent[] = [];
    for await (const event of fit({
      model,
      train: memorySource({ samples: 10, batchSize: 4 }),
      signal: controller.signal,
    })) {
      events.push(event);
      if (event.type === 'step' && event.step === 4) controller.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'interrupted', step: 4 });
  });

  it('warns about weights that the loss does not depend on', async () => {
    const input = tfl.input({ shape: [4, 4, 3] });
    const flat = tfl.layers.flatten().apply(input);
    class Spare extends tfl.layers.Layer {
      static readonly className = 'SpareWeight';
      override build(): void {
        this.addWeight('spare', [3], 'float32', tfl.initializers.ones());
        this.built = true;
      }
      override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.clone(Array.isArray(x) ? x[0] : x);
      }
    }
    const logits = tfl.layers
      .dense({ units: 3 })
      .apply(new Spare({}).apply(flat)) as tfl.SymbolicTensor;
    const { events, model } = await run({
      model: tfl.model({ inputs: input, outputs: logits }),
      epochs: 1,
    });
    expect(only(events, 'warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(/loss does not depend on these weights.*spare/),
    ]);
    const spare = [...(await snapshotWeights(model))].find(([name]) => name.includes('spare'))!;
    expect([...spare[1].data]).toEqual([1, 1, 1]);
  });

  it('warns about an undefined selection metric and refuses an unknown one', async () => {
    const validation = memorySource({ samples: 4, batchSize: 4 });
    const { events } = await run({
      validation,
      evaluate: () => ({ kappa: NaN }),
      selection: 'kappa',
    });
    expect(only(events, 'warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(/"kappa" is not defined after epoch 1/),
    ]);
    expect(only(events, 'epoch')[0].validation).toMatchObject({
      kappa: null,
      loss: expect.any(Number) as number,
    });
    expect(events.at(-1)).toMatchObject({ bestEpoch: null });
    await expect(
      run({ validation, evaluate: () => ({ kappa: 1 }), selection: 'kapa' }),
    ).rejects.toThrow(/unknown validation metric "kapa" \(one of kappa, loss\)/);
  });

  it('reports all parts that do not fit together and leaves nothing behind', async () => {
    const model = await tinyModel({ classes: 4 });
    models.push(model);
    const wrong = collect(
      fit({
        model,
        train: memorySource({ samples: 4, batchSize: 2 }),
        classWeights: [1, 2],
        earlyStopping: { patience: 1 },
        selection: 'f2',
        resume: true,
      }),
    );
    await expect(wrong).rejects.toThrow(InputError);
    await wrong.catch((error: InputError) =>
      expect(error.issues.map(({ path }) => path)).toEqual([
        'model',
        'classWeights',
        'earlyStopping',
        'selection',
        'earlyStopping.metric',
        'resume',
      ]),
    );
  });

  it('refuses a label that is not a class and a source with fewer batches than announced', async () => {
    const model = await tinyModel();
    models.push(model);
    const train = memorySource({ samples: 8, batchSize: 4 });
    const mislabelled: BatchSource = {
      ...train,
      async *epoch(index, options) {
        for await (const batch of train.epoch(index, options))
          yield { ...batch, labels: batch.labels.map(() => 3) };
      },
    };
    await expect(collect(fit({ model, train: mislabelled }))).rejects.toThrow(
      /label of image-\d+ is 3/,
    );
    await expect(collect(fit({ model, train: { ...train, batchesPerEpoch: 5 } }))).rejects.toThrow(
      /yielded 2 batches/,
    );
  });

  describe('against PyTorch (test/golden/make_golden.py)', () => {
    interface Golden {
      losses: number[];
      hidden: number[];
      head: number[];
    }
    const golden = JSON.parse(
      readFileSync(new URL('../test/golden/torch_training.json', import.meta.url), 'utf8'),
    ) as Record<'plain' | 'weighted', Golden>;
    const value = (i: number, j: number, k: number): number =>
      Math.sin(1 + 0.7 * i + 1.3 * j + 2.1 * k);
    const grid = (
      rows: number,
      columns: number,
      cell: (i: number, j: number) => number,
    ): Float32Array =>
      Float32Array.from({ length: rows * columns }, (_, at) =>
        cell(Math.floor(at / columns), at % columns),
      );
    const source: BatchSource = {
      classes: ['a', 'b', 'c'],
      sampleCount: 10,
      batchesPerEpoch: 3,
      async *epoch(): AsyncGenerator<Batch> {
        for (const start of [0, 4, 8]) {
          const rows = Array.from({ length: Math.min(4, 10 - start) }, (_, i) => start + i);
          await Promise.resolve();
          yield {
            images: grid(rows.length, 12, (i, j) => value(rows[i], j, 2)),
            shape: [rows.length, 2, 2, 3],
            labels: Int32Array.from(rows, (i) => (i * i + Math.floor(i / 3)) % 3),
            ids: rows.map(String),
          };
        }
      },
    };

    it.each(['plain', 'weighted'] as const)(
      '%s cross-entropy with Adam, batches of 4, 4, 2',
      async (kind) => {
        const input = tfl.input({ shape: [2, 2, 3] });
        const hidden = tfl.layers
          .dense({ units: 8, activation: 'tanh', name: 'hidden' })
          .apply(tfl.layers.flatten().apply(input));
        const logits = tfl.layers
          .dense({ units: 3, useBias: false, name: 'head' })
          .apply(hidden) as tfl.SymbolicTensor;
        const model = tfl.model({ inputs: input, outputs: logits });
        const [kernel, bias, head] = [...(await snapshotWeights(model)).keys()];
        restoreWeights(
          model,
          new Map([
            [kernel, { shape: [12, 8], data: grid(12, 8, (i, j) => 0.3 * value(i, j, 0)) }],
            [bias, { shape: [8], data: new Float32Array(8) }],
            [head, { shape: [8, 3], data: grid(8, 3, (i, j) => 0.5 * value(i, j, 1)) }],
          ]),
        );
        const { events } = await run({
          model,
          train: source,
          epochs: 3,
          learningRate: 1e-2,
          ...(kind === 'weighted' ? { classWeights: [1, 2.5, 0.5] } : {}),
        });
        only(events, 'step').forEach(({ loss }, i) =>
          expect(Math.abs(loss - golden[kind].losses[i]), `loss ${i}`).toBeLessThan(2e-6),
        );
        const weights = await snapshotWeights(model);
        weights
          .get(kernel)!
          .data.forEach((weight, i) =>
            expect(Math.abs(weight - golden[kind].hidden[i]), `hidden ${i}`).toBeLessThan(2e-5),
          );
        weights
          .get(head)!
          .data.forEach((weight, i) =>
            expect(Math.abs(weight - golden[kind].head[i]), `head ${i}`).toBeLessThan(2e-5),
          );
      },
    );
  });
});
