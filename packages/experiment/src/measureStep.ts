import { type Batch, type BatchSource, createRandom } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { backboneStages, createModel } from '@nonlocal-med/models';
import {
  chooseKernels,
  type RunConfig,
  runModelOptions,
  settleLastBatch,
} from '@nonlocal-med/pipeline';
import { fit, type TrainOptionsInput } from '@nonlocal-med/train';
import type { StepCost } from './workerMessages.js';

/** Training steps that are executed. */
const STEPS = 6;
/** The first of them, which choose kernels and record the graph, and are not measured. */
const WARM_UP_STEPS = 3;
/** Batches of a step that are executed where the gradients of several are accumulated; more take no further memory. */
const MOST_BATCHES = 2;

/**
 * Measures training steps of a configuration on random images: the time of a batch in the fastest step, and the peak memory
 * of the process, which should do nothing else.
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
  const accumulateBatches = Math.min(MOST_BATCHES, config.training.accumulateBatches);
  const batches = STEPS * accumulateBatches;
  try {
    settleLastBatch(config, { model, trainingImages: batches * config.training.batchSize });
    const events = fit({
      ...costlyOptions(config.training),
      accumulateBatches,
      model,
      stages: backboneStages(model),
      train: randomBatches(config, { classes, batches }),
      epochs: 1,
      seed: config.seed,
      graph: config.engine.graph,
    });
    for await (const event of events)
      if (event.type === 'step') milliseconds.push(event.milliseconds);
  } finally {
    model.dispose();
  }
  return {
    secondsPerBatch: Math.min(...milliseconds.slice(WARM_UP_STEPS)) / accumulateBatches / 1000,
    residentBytes: process.resourceUsage().maxRSS * 1024,
    engine: info.engine,
    device: info.device,
  };
}

/** The options of a training that time or memory depends on. */
function costlyOptions(training: RunConfig['training']): TrainOptionsInput {
  const { learningRate, precision, mixup, cutmix, freezeStages, layerDecay } = training;
  const { optimizer, adam, sgd, weightDecay, clipNorm, ema } = training;
  const update = { optimizer, adam, sgd, weightDecay, clipNorm, ema };
  return { learningRate, precision, mixup, cutmix, freezeStages, layerDecay, ...update };
}

function randomBatches(
  { preprocessing: { size }, training: { batchSize } }: RunConfig,
  { classes, batches }: { readonly classes: number; readonly batches: number },
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
    sampleCount: batches * batchSize,
    batchesPerEpoch: batches,
    async *epoch() {
      for (let batch = 0; batch < batches; batch++) yield await Promise.resolve(createBatch());
    },
  };
}

const classNames = (classes: number): string[] =>
  Array.from({ length: classes }, (_, index) => `class ${index}`);
