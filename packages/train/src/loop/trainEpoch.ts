import { setImmediate } from 'node:timers/promises';
import { trainBatch } from './trainBatch.js';
import type { Events, Training } from './training.js';

/** The rest of the epoch in work, up to its last batch or the signal. */
export async function* trainEpoch(training: Training): Events {
  const { train, signal, checkpointer } = training;
  const { epoch, batch: firstBatch } = training.progress;
  if (firstBatch >= train.batchesPerEpoch) return;
  const batches = train.epoch(epoch, { firstBatch })[Symbol.asyncIterator]();
  try {
    while (!signal?.aborted) {
      const asked = performance.now();
      const next = await batches.next();
      if (next.done === true) break;
      yield* trainBatch(training, next.value, performance.now() - asked);
      await setImmediate(); // lets signal handlers and the loader's messages through
      await training.renewLock();
      if (training.progress.batch < train.batchesPerEpoch && checkpointer.isDue(training.progress))
        yield* checkpointer.write(training.progress);
    }
  } finally {
    await batches.return?.();
  }
  const { batch } = training.progress;
  if (!signal?.aborted && batch !== train.batchesPerEpoch)
    throw new Error(
      `Epoch ${epoch + 1} gave ${batch} batches; its source promised ${train.batchesPerEpoch}.`,
    );
}
