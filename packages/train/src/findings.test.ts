/** Training, validation and prediction of several findings per image (task `multilabel`). */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Batch,
  type BatchSource,
  type FindingPredictions,
  InputError,
  type TrainingEvent,
} from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fit } from './fit.js';
import type { FitOptions } from './loop/fitOptions.js';
import { createStepGradients } from './loop/stepGradients.js';
import { createTaskLoss } from './loop/taskLoss.js';
import { predict } from './predict.js';
import { collect, memorySource } from './testing/memorySource.js';
import { tinyModel } from './testing/tinyModel.js';
import { resolveTrainOptions } from './trainOptions.js';
import { evaluateClassifier, meanLoss } from './validationMetrics.js';
import { namedWeights, restoreWeights, snapshotWeights } from './weights.js';

type EventOf<T extends TrainingEvent['type']> = Extract<TrainingEvent, { type: T }>;
const only = <T extends TrainingEvent['type']>(events: TrainingEvent[], type: T): EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type);
const bits = async (model: tfl.LayersModel): Promise<number[]> =>
  [...(await snapshotWeights(model)).values()].flatMap(({ data }) => [
    ...new Uint32Array(data.buffer, data.byteOffset, data.length),
  ]);
const findingSource = (samples: number, seed = 1): BatchSource =>
  memorySource({ samples, batchSize: 4, findings: 3, seed });

/** What PyTorch computes: test/golden/make_findings.py. */
interface Golden {
  readonly firstStep: Readonly<{ logits: number[]; loss: number; gradients: number[][] }>;
  readonly losses: number[];
  readonly hidden: number[];
  readonly head: number[];
  readonly probabilities: number[];
  readonly validationLoss: number;
}
const golden = JSON.parse(
  readFileSync(new URL('../test/golden/torch_findings.json', import.meta.url), 'utf8'),
) as Record<'plain' | 'weighted', Golden> & { readonly labels: number[] };
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
const goldenSource: BatchSource = {
  task: 'multilabel',
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
        labels: Int32Array.from(rows.flatMap((i) => golden.labels.slice(3 * i, 3 * i + 3))),
        ids: rows.map(String),
      };
    }
  },
};

async function goldenModel(): Promise<{ model: tfl.LayersModel; names: string[] }> {
  const input = tfl.input({ shape: [2, 2, 3] });
  const hidden = tfl.layers
    .dense({ units: 8, activation: 'tanh' })
    .apply(tfl.layers.flatten().apply(input));
  const head = tfl.layers.dense({ units: 3, useBias: false });
  const model = tfl.model({ inputs: input, outputs: head.apply(hidden) as tfl.SymbolicTensor });
  const names = [...(await snapshotWeights(model)).keys()];
  restoreWeights(
    model,
    new Map([
      [names[0], { shape: [12, 8], data: grid(12, 8, (i, j) => 0.3 * value(i, j, 0)) }],
      [names[1], { shape: [8], data: new Float32Array(8) }],
      [names[2], { shape: [8, 3], data: grid(8, 3, (i, j) => 0.5 * value(i, j, 1)) }],
    ]),
  );
  return { model, names };
}

const largest = (found: ArrayLike<number>, expected: readonly number[]): number => {
  expect(found).toHaveLength(expected.length);
  return Math.max(...expected.map((number, i) => Math.abs(found[i] - number)));
};

eachBackend((backend) => {
  let before: number;
  let models: tfl.LayersModel[];
  beforeEach(() => {
    before = tf.memory().numTensors;
    models = [];
  });
  afterEach(() => {
    models.forEach((model) => model.dispose());
    expect(tf.memory().numTensors).toBe(before);
  });
  const run = async (
    options: Partial<FitOptions> = {},
  ): Promise<{ events: TrainingEvent[]; model: tfl.LayersModel; final: number[] }> => {
    const model = options.model ?? (await tinyModel());
    models.push(model);
    const events = await collect(
      fit({ train: findingSource(10), epochs: 2, learningRate: 1e-2, ...options, model }),
    );
    return { events, model, final: await bits(model) };
  };

  describe.each([
    ['plain', undefined],
    ['weighted', [1, 2.5, 0.5]],
  ] as const)('against PyTorch, %s (test/golden/make_findings.py)', (kind, positiveWeights) => {
    const expected = golden[kind];

    it('computes logits, loss and gradients of a step', async () => {
      const { model } = await goldenModel();
      models.push(model);
      const [batch] = await collect(goldenSource.epoch(0));
      const logits = tf.tidy(() =>
        (model.apply(tf.tensor4d(batch.images, [...batch.shape])) as tf.Tensor).dataSync(),
      );
      expect(largest(logits, expected.firstStep.logits)).toBeLessThan(1e-6);
      const step = createStepGradients({
        model,
        weights: namedWeights(model),
        taskLoss: createTaskLoss(
          goldenSource,
          resolveTrainOptions({ positiveWeights: positiveWeights && [...positiveWeights] }),
        ),
        graph: false,
      });
      const { loss, gradients } = step.of(batch);
      expect(Math.abs(loss.dataSync()[0] - expected.firstStep.loss)).toBeLessThan(1e-6);
      gradients.forEach((gradient, i) =>
        expect(largest(gradient.dataSync(), expected.firstStep.gradients[i])).toBeLessThan(1e-6),
      );
      tf.dispose([loss, ...gradients]);
      step.dispose();
    });

    it('trains with Adam in batches of 4, 4, 2, then predicts', async () => {
      const { model, names } = await goldenModel();
      const { events } = await run({
        model,
        train: goldenSource,
        validation: goldenSource,
        epochs: 3,
        positiveWeights: positiveWeights && [...positiveWeights],
      });
      const losses = only(events, 'step').map(({ loss }) => loss);
      expect(largest(losses, expected.losses)).toBeLessThan(2e-6);
      const weights = await snapshotWeights(model);
      expect(largest(weights.get(names[0])!.data, expected.hidden)).toBeLessThan(2e-5);
      expect(largest(weights.get(names[2])!.data, expected.head)).toBeLessThan(2e-5);
      const predictions = await predict(model, goldenSource);
      expect(largest(predictions.probabilities, expected.probabilities)).toBeLessThan(2e-5);
      expect([...predictions.labels]).toEqual(golden.labels);
      expect(
        Math.abs(only(events, 'epoch')[2].validation!.loss! - expected.validationLoss),
      ).toBeLessThan(2e-5);
    });
  });

  it('predicts findings with probabilities that do not depend on each other', async () => {
    const model = await tinyModel();
    models.push(model);
    const source = memorySource({ samples: 10, batchSize: 4, findings: 3, ordered: true });
    const predictions = (await predict(model, source)) as FindingPredictions;
    expect(predictions.findings).toEqual(['finding 0', 'finding 1', 'finding 2']);
    expect('classes' in predictions).toBe(false);
    expect([predictions.labels.length, predictions.probabilities.length]).toEqual([30, 30]);
    const batches = await collect(source.epoch(0));
    expect([...predictions.labels]).toEqual(batches.flatMap(({ labels }) => [...labels]));
    const sums = predictions.ids.map((_, i) =>
      predictions.probabilities.subarray(3 * i, 3 * i + 3).reduce((sum, p) => sum + p, 0),
    );
    expect(sums.some((sum) => Math.abs(sum - 1) > 0.05)).toBe(true);
  });

  it('averages the loss of an epoch over the labels that are known', async () => {
    const train = memorySource({ samples: 10, batchSize: 4, findings: 3, ordered: true });
    const { events } = await run({ train, epochs: 1, positiveWeights: [1, 2, 5] });
    const losses = only(events, 'step').map(({ loss }) => loss);
    const known = (await collect(train.epoch(0))).map(
      ({ labels }) => labels.filter((label) => label >= 0).length,
    );
    expect(new Set([known[0] / 4, known[1] / 4, known[2] / 2]).size).toBeGreaterThan(1);
    expect(only(events, 'epoch')[0].trainLoss).toBeCloseTo(
      losses.reduce((sum, loss, i) => sum + loss * known[i], 0) /
        known.reduce((sum, count) => sum + count, 0),
      10,
    );
  });

  it('does not learn from labels that are not known', async () => {
    const train = findingSource(10);
    const masked = (column: number): BatchSource => ({
      ...train,
      async *epoch(index, options) {
        for await (const batch of train.epoch(index, options))
          yield {
            ...batch,
            labels: batch.labels.map((label, i) => (i % 3 === column ? -1 : label)),
          };
      },
    });
    const start = await tinyModel();
    models.push(start);
    const head = (model: tfl.LayersModel): Promise<number[]> =>
      snapshotWeights(model).then((weights) => {
        const name = [...weights.keys()].find((key) => /fc.*kernel/.test(key))!;
        return [...weights.get(name)!.data];
      });
    const initial = await head(start);
    const final = await head((await run({ train: masked(1) })).model);
    const changed = (column: number): boolean =>
      final.some((weight, i) => i % 3 === column && weight !== initial[i]);
    expect([changed(0), changed(1), changed(2)]).toEqual([true, false, true]);
  });

  it('repeats bit for bit, with a graph too, and changes with positive weights', async () => {
    const options = { validation: findingSource(6, 2), epochs: 6 };
    const model = (): Promise<tfl.LayersModel> => tinyModel({ noise: false });
    const { final } = await run({ ...options, model: await model() });
    expect((await run({ ...options, model: await model(), graph: true })).final).toEqual(final);
    const weighted = await run({ ...options, model: await model(), positiveWeights: [1, 2, 1] });
    expect(weighted.final).not.toEqual(final);
  });

  it('resumes to the same bits, and refuses another task or other weights', async () => {
    const folder = await mkdtemp(join(tmpdir(), `findings-${backend}-`));
    const options = {
      train: findingSource(10),
      validation: findingSource(6, 2),
      epochs: 4,
      learningRate: 1e-2,
      positiveWeights: [1, 2, 1],
    };
    try {
      const { final, events } = await run(options);
      const controller = new AbortController();
      const first = await tinyModel();
      models.push(first);
      const runFolder = join(folder, 'run');
      for await (const event of fit({
        ...options,
        model: first,
        run: runFolder,
        signal: controller.signal,
      }))
        if (event.type === 'step' && event.step === 8) controller.abort();
      const others = [
        [{ positiveWeights: [1, 2, 2] }, /positiveWeights: is \[1,2,2\]/],
        [
          {
            train: {
              ...memorySource({ samples: 10, batchSize: 4 }),
              classes: options.train.classes,
            },
            validation: undefined,
            positiveWeights: undefined,
          },
          /task: is undefined \(the run was started with "multilabel"\)/,
        ],
      ] as const;
      for (const [change, message] of others)
        await expect(
          run({ ...options, ...change, run: runFolder, resume: true } as Partial<FitOptions>),
        ).rejects.toThrow(message);
      const resumed = await run({ ...options, run: runFolder, resume: true });
      expect(resumed.final).toEqual(final);
      expect(only(resumed.events, 'epoch').at(-1)!.validation).toEqual(
        only(events, 'epoch').at(-1)!.validation,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('selects the epoch with the best mean AUC over the findings', async () => {
    const { events } = await run({ validation: findingSource(30, 2), epochs: 5 });
    const aucs = only(events, 'epoch').map(({ validation }) => validation!.auc!);
    expect(events.at(-1)).toMatchObject({ bestEpoch: 1 + aucs.indexOf(Math.max(...aucs)) });
    expect(Object.keys(only(events, 'epoch')[0].validation!)).toEqual([
      'auc',
      'averagePrecision',
      'sensitivity',
      'specificity',
      'f1',
      'accuracy',
      'loss',
    ]);
  });

  it('reports all parts that do not fit together', async () => {
    const model = await tinyModel();
    models.push(model);
    const wrong = collect(
      fit({
        model,
        train: findingSource(8),
        validation: { ...memorySource({ samples: 4, batchSize: 2 }), classes: ['a', 'b', 'c'] },
        classWeights: [1, 2, 3],
        positiveWeights: [1, 2],
        selection: 'quadraticKappa',
      }),
    );
    await expect(wrong).rejects.toThrow(InputError);
    await wrong.catch((error: InputError) =>
      expect(error.issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([
        'positiveWeights: has 2 weights',
        'classWeights: has no effect: the images have several findings each',
        'validation: its task is multiclass',
        'validation: classes a, b, c',
        'selection: unknown validation metric "quadraticKappa"',
        'earlyStopping.metric: unknown validation metric "quadraticKappa"',
      ]),
    );
  });

  it('refuses labels that are not of findings, and training images without any', async () => {
    const train = findingSource(8);
    const relabeled = (labels: (batch: Batch) => Int32Array): Promise<unknown> =>
      run({
        train: {
          ...train,
          async *epoch(index, options) {
            for await (const batch of train.epoch(index, options))
              yield { ...batch, labels: labels(batch) };
          },
        },
      });
    await expect(relabeled(({ labels }) => labels.fill(2))).rejects.toThrow(
      /label of image-\d for finding 0 is 2; 1 is present, 0 absent, -1 not known/,
    );
    await expect(relabeled(({ labels }) => labels.subarray(0, 4))).rejects.toThrow(
      '4 images need 12 labels, one per finding (finding 0, finding 1, finding 2), not 4.',
    );
    await expect(relabeled(({ labels }) => labels.fill(-1))).rejects.toThrow(
      'train: no label of any finding is known in epoch 1',
    );
  });
});

describe('validation metrics of findings', () => {
  const predictions: FindingPredictions = {
    findings: ['a', 'b', 'c'],
    ids: ['w', 'x', 'y', 'z'],
    labels: Int32Array.from([1, 0, -1, 0, 1, -1, 1, -1, -1, 0, 0, 1]),
    probabilities: Float64Array.from([0.8, 0.4, 0.1, 0.3, 0.2, 0.9, 0.25, 0, 0.5, 0.1, 0.5, 0.6]),
  };

  it('are means over the findings for which they are defined', () => {
    // a: 3 of 4 pairs in order. b: 0 of 2. c: one known label, which is positive: no AUC.
    const metrics = evaluateClassifier(predictions);
    expect(metrics.auc).toBeCloseTo((3 / 4 + 0) / 2, 14);
    expect(metrics.sensitivity).toBeCloseTo((1 / 2 + 0 + 1) / 3, 14);
    expect(metrics.specificity).toBeCloseTo((1 + 1 / 2) / 2, 14);
    // Known labels at 0.5: a 3 of 4, b 1 of 3, c 1 of 1.
    expect(metrics.accuracy).toBeCloseTo(5 / 8, 14);
  });

  it('have the masked binary cross-entropy as loss, without positive weights', () => {
    const likelihoods = [0.8, 0.6, 0.7, 0.2, 0.25, 0.9, 0.5, 0.6];
    expect(meanLoss(predictions)).toBeCloseTo(
      -likelihoods.reduce((sum, p) => sum + Math.log(p), 0) / 8,
      14,
    );
    const unknown = { ...predictions, labels: predictions.labels.map(() => -1) };
    expect(meanLoss(unknown)).toBeNull();
    expect(evaluateClassifier(unknown)).toMatchObject({ auc: null, accuracy: null });
  });
});
