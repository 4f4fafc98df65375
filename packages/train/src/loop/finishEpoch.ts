import { InputError } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { EpochRecord } from '../checkpoint/trainingProgress.js';
import { meanLoss } from '../evaluate/meanLoss.js';
import { predictBatches } from '../evaluate/predictBatches.js';
import { bestEpoch } from '../selection/bestEpoch.js';
import { sayOnce } from './sayOnce.js';
import type { Events, Training } from './training.js';

/** Validates, chooses and counts the epoch whose batches are all done; does nothing more when the signal comes meanwhile. */
export async function* finishEpoch(training: Training, begin: number): Events {
  const { progress, options, checkpointer, recorder, signal } = training;
  const validation = await validate(training);
  if (signal?.aborted) return;

  const record: EpochRecord = {
    epoch: progress.epoch + 1,
    step: progress.step,
    trainLoss: progress.lossSum / progress.weightSum,
    ...(validation === undefined ? {} : { validation }),
  };
  const history = [...progress.history, record];
  training.progress = {
    ...progress,
    seconds: training.seconds(),
    epoch: progress.epoch + 1,
    batch: 0,
    lossSum: 0,
    weightSum: 0,
    history,
  };
  const best = bestEpoch(history, options.selection) === record;
  if (best) await checkpointer.rememberBest(training.progress);
  if (validation?.[options.selection] === null)
    yield* sayOnce(
      training,
      'selection',
      `The validation metric "${options.selection}" is not defined after epoch ${record.epoch}: such an epoch is never chosen as the best.`,
    );
  yield await recorder.record({
    type: 'epoch',
    epoch: record.epoch,
    trainLoss: record.trainLoss,
    ...(validation === undefined ? {} : { validation }),
    best,
    seconds: (performance.now() - begin) / 1000,
    residentBytes: process.memoryUsage.rss(),
    tensors: tf.memory().numTensors,
  });
}

async function validate({
  logits,
  validation,
  evaluate,
  options,
  signal,
}: Training): Promise<EpochRecord['validation']> {
  if (validation === undefined) return undefined;
  try {
    const predictions = await predictBatches(logits, validation, { signal });
    const metrics: Record<string, number | null> = {
      ...evaluate(predictions),
      loss: meanLoss(predictions),
    };
    for (const name of new Set([
      options.selection,
      options.earlyStopping?.metric ?? options.selection,
    ])) {
      if (!(name in metrics))
        throw new InputError({
          path: 'selection',
          message: `unknown validation metric "${name}"`,
          hint: `one of ${Object.keys(metrics).join(', ')}`,
        });
    }
    return Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [
        name,
        value !== null && Number.isFinite(value) ? value : null,
      ]),
    );
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}
