import { bestEpoch } from '../selection/bestEpoch.js';
import { endReason } from './endReason.js';
import { finishEpoch } from './finishEpoch.js';
import { trainEpoch } from './trainEpoch.js';
import type { Events, Training } from './training.js';

/** The whole training, from where its progress stands to its end or the signal. */
export async function* runTraining(training: Training): Events {
  const { options, signal, checkpointer, recorder, train } = training;
  if (training.ended !== undefined) {
    await restoreBest(training);
    yield training.ended;
    return;
  }
  yield await recorder.record({
    type: 'start',
    epochs: options.epochs,
    batchesPerEpoch: train.batchesPerEpoch,
    samples: train.sampleCount,
    resumedAtStep: training.progress.step,
  });
  for (const message of training.warnings)
    yield await recorder.record({ type: 'warning', message });

  let reason = endReason(training.progress.history, options);
  while (reason === null && !signal?.aborted) {
    const begin = performance.now();
    yield* trainEpoch(training);
    if (!signal?.aborted) yield* finishEpoch(training, begin);
    reason = endReason(training.progress.history, options);
    if (reason === null && !signal?.aborted && checkpointer.isDue(training.progress))
      yield* checkpointer.write(training.progress);
  }
  yield* checkpointer.write(training.progress, { final: reason !== null });
  if (reason !== null) await restoreBest(training);
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

async function restoreBest({ options, progress, checkpointer }: Training): Promise<void> {
  const best = bestEpoch(progress.history, options.selection);
  if (options.earlyStopping?.restoreBest === true && best !== null)
    await checkpointer.restoreBest(best.epoch);
}
