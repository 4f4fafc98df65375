/** The functions that run in the worker threads of the pool (`workerPool.ts`), by name. */
import { move, transferableSymbol, valueSymbol } from 'piscina';
import sharp from 'sharp';
import type { BatchResult, BatchTask } from './batchTask.js';
import { makeBatch as makeBatchHere } from './makeBatch.js';
import { prepareBatch as prepareBatchHere, type PrepareTask } from './prepareBatch.js';

// One decoder thread per worker thread (the decoder's own default is one per core, for each image), and no cache of
// decoded files in addition to ours.
sharp.concurrency(1);
sharp.cache(false);

export { checkEach as checkImages } from '../dataset/checkImage.js';

/** The batch's memory is transferred, not copied. */
export async function makeBatch(task: BatchTask): Promise<unknown> {
  const result: BatchResult = await makeBatchHere(task);
  return result.kind === 'batch'
    ? move({ [transferableSymbol]: result.images.buffer, [valueSymbol]: result })
    : result;
}

/** The batch's memory is transferred, not copied. */
export async function prepareBatch(task: PrepareTask): Promise<unknown> {
  const batch = await prepareBatchHere(task);
  return move({ [transferableSymbol]: batch.values.buffer, [valueSymbol]: batch });
}
