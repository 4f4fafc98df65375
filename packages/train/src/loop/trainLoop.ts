import { setImmediate } from 'node:timers/promises';
import { InputError } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import { bestEpoch, epochsWithoutImprovement } from '../bestEpoch.js';
import type { EpochRecord } from '../checkpoint/checkpoint.js';
import { COMPARED_EVERY_STEPS } from '../cluster/memberTraining.js';
import type { TrainOptions } from '../trainOptions.js';
import { type StepSource, stepsPerEpoch, takeBatches } from './takeBatches.js';
import type { Events, Training } from './training.js';
import { validate } from './validate.js';

/** The whole training, from its current progress to its end or the signal. */
export async function* runTraining(training: Training): Events {
  const { options, checkpointer, recorder, train } = training;
  if (training.ended !== undefined) {
    await restoreBest(training);
    yield training.ended;
    return;
  }
  yield await recorder.record({
    type: 'start',
    epochs: options.epochs,
    batchesPerEpoch: train.batchesPerEpoch,
    ...(options.accumulateBatches > 1 && { stepsPerEpoch: stepsPerEpoch(train, options) }),
    samples: train.sampleCount,
    resumedAtStep: training.progress.step,
  });
  for (const message of training.warnings)
    yield await recorder.record({ type: 'warning', message });

  let reason = endReason(training.progress.history, options);
  while (reason === null && !training.stopping()) {
    const start = performance.now();
    training.phases.enter(training.progress.epoch);
    yield* trainEpoch(training);
    if (!training.stopping()) yield* finishEpoch(training, start);
    reason = endReason(training.progress.history, options);
    if (reason === null && !training.stopping() && checkpointer.isDue(training.progress))
      yield* checkpointer.write(training.progress);
  }
  yield* checkpointer.write(training.progress, { final: reason !== null });
  if (reason !== null) {
    training.average?.exchange();
    await restoreBest(training);
  }
  const { epoch, step, history } = training.progress;
  yield await recorder.record({
    type: 'end',
    reason: reason ?? 'interrupted',
    epoch,
    step,
    bestEpoch: bestEpoch(history, options.selection)?.epoch ?? null,
    seconds: training.seconds(),
  });
}

/** The rest of the current epoch, up to its last batch or the signal. */
async function* trainEpoch(training: Training): Events {
  const { train, checkpointer, members } = training;
  const { epoch, batch: firstBatch } = training.progress;
  if (firstBatch >= train.batchesPerEpoch) return;
  const batches = train.epoch(epoch, { firstBatch })[Symbol.asyncIterator]();
  try {
    while (!training.stopping()) {
      const requested = performance.now();
      const next = await batches.next();
      if (next.done === true) break;
      const waited = performance.now() - requested;
      yield* trainStep(training, { first: next.value, others: batches, waited });
      await setImmediate(); // lets signal handlers and the loader's messages through
      await training.renewLock();
      if (training.progress.step % COMPARED_EVERY_STEPS === 0)
        await members?.compareWeights(training.progress.step);
      if (training.progress.batch < train.batchesPerEpoch && checkpointer.isDue(training.progress))
        yield* checkpointer.write(training.progress);
    }
  } finally {
    await batches.return?.();
  }
  const { batch } = training.progress;
  if (!training.stopping() && batch !== train.batchesPerEpoch)
    throw new Error(
      `Epoch ${epoch + 1} yielded ${batch} batches, but its source has batchesPerEpoch ${train.batchesPerEpoch}.`,
    );
}

/**
 * One step: loss, gradients, update.
 * @throws DivergedError when the loss is not finite; the weights are then as before the step.
 */
async function* trainStep(training: Training, source: StepSource): Events {
  const { progress, phases, recorder, members } = training;
  const start = performance.now();
  const tensorsBefore = tf.memory().numTensors;
  const step = progress.step + 1;
  const learningRate = training.learningRateOf(progress);
  const { taken, batches } = takeBatches(training, source);
  const { loss, weight, gradients, withoutGradient } = await training.compute(batches);
  try {
    if (!Number.isFinite(loss)) {
      await members?.leave();
      throw new DivergedError(
        `The loss is ${loss} at step ${step} (epoch ${progress.epoch + 1}, learning rate ${learningRate}), ${members === undefined ? 'batch' : "this member's part of the batch"}: ${taken.ids.join(', ')}. A lower learning rate or a warm-up usually helps.`,
      );
    }
    phases.current.optimizer.apply(gradients, learningRate);
    training.average?.update();
  } finally {
    tf.dispose([...gradients]);
  }

  training.progress = {
    ...progress,
    seconds: training.seconds(),
    step,
    batch: progress.batch + taken.count,
    lossSum: progress.lossSum + loss * weight,
    weightSum: progress.weightSum + weight,
  };
  yield* stepWarnings(training, {
    withoutGradient,
    leaked: tf.memory().numTensors - tensorsBefore,
  });
  yield await recorder.record({
    type: 'step',
    epoch: progress.epoch + 1,
    step,
    batch: training.progress.batch,
    loss,
    learningRate,
    milliseconds: performance.now() - start - (taken.waited - source.waited),
    waitMilliseconds: taken.waited,
  });
}

interface StepFindings {
  readonly withoutGradient: readonly string[];
  /** Tensors that the step left behind. */
  readonly leaked: number;
}

async function* stepWarnings(
  training: Training,
  { withoutGradient, leaked }: StepFindings,
): Events {
  if (withoutGradient.length > 0)
    yield* warnOnce(
      training,
      'gradients',
      `The loss does not depend on these weights, which stay unchanged: ${withoutGradient.join(', ')}.`,
    );
  const [refusal] = training.phases.current.gradients.refusals();
  if (refusal !== undefined)
    yield* warnOnce(
      training,
      'graph',
      `Steps run as single operations instead of one graph, which is slower and gives the same result: ${refusal}.`,
    );
  // The first step leaves what the backend keeps from then on.
  if (leaked > 0 && training.warned.has('first step'))
    yield* warnOnce(
      training,
      'leak',
      `Step ${training.progress.step} left ${leaked} tensors behind: a layer of the model leaks memory.`,
    );
  training.warned.add('first step');
}

/** Issues a warning unless there was one on the same topic before. */
async function* warnOnce({ warned, recorder }: Training, topic: string, message: string): Events {
  if (warned.has(topic)) return;
  warned.add(topic);
  yield await recorder.record({ type: 'warning', message });
}

/** Validates and records the epoch whose batches are all done; does nothing more when the signal comes meanwhile. */
async function* finishEpoch(training: Training, start: number): Events {
  const { progress, options, checkpointer, recorder, members } = training;
  await members?.compareWeights(progress.step);
  const own = members?.writes === false ? undefined : await validate(training);
  const validation = members === undefined ? own : await members.share(own);
  if (training.stopping()) return;

  const epoch = progress.epoch + 1;
  if (progress.weightSum === 0)
    throw new InputError({
      path: 'train',
      message: `no label of any finding is known in epoch ${epoch}`,
      hint: 'training images with labels that are known',
    });
  const trainLoss = progress.lossSum / progress.weightSum;
  const record: EpochRecord = { epoch, step: progress.step, trainLoss, validation };
  const history = [...progress.history, record];
  training.progress = {
    ...progress,
    seconds: training.seconds(),
    epoch,
    batch: 0,
    lossSum: 0,
    weightSum: 0,
    history,
  };
  const best = bestEpoch(history, options.selection) === record;
  if (best && members?.writes !== false) await checkpointer.rememberBest(training.progress);
  if (validation?.[options.selection] === null)
    yield* warnOnce(
      training,
      'selection',
      `The validation metric "${options.selection}" is not defined after epoch ${epoch}; such an epoch is never selected as the best.`,
    );
  yield await recorder.record({
    type: 'epoch',
    epoch,
    trainLoss,
    validation,
    best,
    seconds: (performance.now() - start) / 1000,
    residentBytes: process.memoryUsage.rss(),
    tensors: tf.memory().numTensors,
  });
}

/**
 * Why the run is over after these epochs, or null if it continues. Depends on the history alone, so that a resumed run
 * stops at the same epoch.
 */
export function endReason(
  history: readonly EpochRecord[],
  { epochs, earlyStopping, selection }: TrainOptions,
): 'finished' | 'early-stop' | null {
  if (history.length >= epochs) return 'finished';
  if (earlyStopping === undefined) return null;
  const { metric = selection, patience, minimumDelta } = earlyStopping;
  return epochsWithoutImprovement(history, { metric, minimumDelta }) >= patience
    ? 'early-stop'
    : null;
}

async function restoreBest({ options, progress, checkpointer, members }: Training): Promise<void> {
  const best = bestEpoch(progress.history, options.selection);
  if (options.earlyStopping?.restoreBest !== true || best === null) return;
  if (members?.writes !== false) await checkpointer.restoreBest(best.epoch);
  members?.shareWeights();
}

/** The loss is no longer finite, so that training cannot continue. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}
