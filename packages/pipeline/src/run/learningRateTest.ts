import { throwIssues } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import {
  findLearningRate,
  type FindLearningRateOptions,
  learningRateIssues,
  type LearningRateTest,
} from '@nonlocal-med/train';
import { absolutePaths } from '../config/absolutePaths.js';
import { omitKeys } from '../config/mergeOptions.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunLoader } from '../data/runData.js';
import { stepOptions } from './completeRun.js';
import { createRunModel } from './createRunModel.js';
import { settleLastBatch } from './lastBatch.js';
import type { ProgressListener } from './progressListener.js';
import { chooseKernels } from './runEngine.js';
import { checkTraining, prepareRunData, settlePrecision } from './startRun.js';

/** Which learning rates are tested, and how the test is followed and stopped. */
export interface LearningRateTestOptions
  extends ProgressListener, Pick<FindLearningRateOptions, 'from' | 'to' | 'steps'> {
  /** Ends the test without a result. */
  readonly signal?: AbortSignal;
}

/**
 * Tests learning rates with the model, images, augmentation and batches of a run, before it is started: `findLearningRate`
 * of `@nonlocal-med/train`. Nothing is written. All weights are trained that the run trains after its `headEpochs`.
 * @throws InputError for learning rates and steps that cannot be tested, or if the images, the weights or the weights of the loss cannot be used.
 * @throws UnavailableError if native TensorFlow or "imagenet" weights are required but not available.
 */
export async function testLearningRate(
  given: RunConfig,
  { from, to, steps, signal, ...listener }: LearningRateTestOptions = {},
): Promise<LearningRateTest> {
  throwIssues(learningRateIssues({ from, to, steps }));
  const resolved = absolutePaths(given);
  chooseKernels(await useEngine(resolved.engine), resolved.engine);
  const { data, config: augmented } = await prepareRunData(resolved, { signal, ...listener });
  checkTraining(augmented, data);
  const { model } = await createRunModel(augmented, data.dataset, { onProgress: listener.onNote });
  const { split, dataset } = data;
  try {
    const settled = settleLastBatch(augmented, { model, trainingImages: split.train.length });
    if (settled.note !== undefined) listener.onNote?.(settled.note);
    if (settled.config.training.headEpochs > 0)
      listener.onNote?.(
        'The learning rates are tested on all weights, as after the epochs that train the head alone (training.headEpochs).',
      );
    const config = settlePrecision(settled.config, model, listener);
    const train = createRunLoader(split.train, config, {
      classes: dataset.classes,
      training: true,
    });
    try {
      return await findLearningRate({
        ...omitKeys(stepOptions(config, { data, model }), ...notTested),
        ...{ model, train, from, to, steps, signal },
        onEvent: listener.onEvent,
      });
    } finally {
      await train.close();
    }
  } finally {
    model.dispose();
  }
}

/** Options of a training that its first steps do not depend on, or that say what is tested. */
const notTested = [
  'learningRate',
  'schedule',
  'epochs',
  'headEpochs',
  'ema',
  'selection',
  'earlyStopping',
] as const;
