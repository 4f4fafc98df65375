import { type Batch, type BatchSource, createRandom } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import {
  chooseKernels,
  type RunConfig,
  runModelOptions,
  settleLastBatch,
} from '@nonlocal-med/pipeline';
import { fit } from '@nonlocal-med/train';
import type { StepCost } from './workerMessages.js';

/** Training steps that are executed. */
const STEPS = 6;
/** The first of them, which choose kernels and record the graph, and are not measured. */
const WARM_UP_STEPS = 3;

/**
 * Measures training steps of a configuration on random images: the fastest step, and the peak memory of the process,
 * which should do nothing else.
 */
export async function measureStep({
  config,
  classes,
}: {
  readonly config: RunConfig;
  readonly classes: number;
}): Promise<StepCost> {
  const info = await useEngine(config.engine);
  chooseKernels(info, config.engine);
  const model = createModel(
    config.model.name,
    runModelOptions(config, { classes: classNames(classes) }),
  );
  const milliseconds: number[] = [];
  try {
    settleLastBatch(config, { model, trainingImages: STEPS * config.training.batchSize });
    const events = fit({
      model,
      train: randomBatches(config, classes),
      epochs: 1,
      seed: config.seed,
      learningRate: config.training.learningRate,
      graph: config.engine.graph,
      precision: config.training.precision,
    });
    for await (const event of events)
      if (event.type === 'step') milliseconds.push(event.milliseconds);
  } finally {
    model.dispose();
  }
  return {
    secondsPerStep: Math.min(...milliseconds.slice(WARM_UP_STEPS)) / 1000,
    residentBytes: process.resourceUsage().maxRSS * 1024,
    engine: info.engine,
  };
}

function randomBatches(
  { preprocessing: { size }, training: { batchSize } }: RunConfig,
  classes: number,
): BatchSource {
  const [height, width] = size;
  const random = createRandom(0, 'measure');
  const createBatch = (): Batch => ({
    images: Float32Array.from({ length: batchSize * height * width * 3 }, () =>
      random.uniform(-1, 1),
    ),
    shape: [batchSize, height, width, 3],
    labels: Int32Array.from({ length: batchSize }, (_, i) => i % classes),
    ids: Array.from({ length: batchSize }, (_, i) => `random-${i}`),
  });
  return {
    classes: classNames(classes),
    sampleCount: STEPS * batchSize,
    batchesPerEpoch: STEPS,
    async *epoch() {
      for (let step = 0; step < STEPS; step++) yield await Promise.resolve(createBatch());
    },
  };
}

const classNames = (classes: number): string[] =>
  Array.from({ length: classes }, (_, index) => `class ${index}`);
