/** What runs in the worker threads of `acquireWorkers`, by name. */
import { move, transferableSymbol, valueSymbol } from 'piscina';
import sharp from 'sharp';
import { checkImage, type ImageCheck } from '../dataset/checkImage.js';
import type { BatchResult, BatchTask } from './batchTask.js';
import { makeBatch as make } from './makeBatch.js';

// One decoder thread for each worker thread (the decoder's own default is one for each core, for each image), and no
// cache of decoded files beside ours.
sharp.concurrency(1);
sharp.cache(false);

export async function checkImages(files: readonly string[]): Promise<ImageCheck[]> {
  const checks: ImageCheck[] = [];
  for (const file of files) checks.push(await checkImage(file));
  return checks;
}

/** The batch's memory is handed over, not copied. */
export async function makeBatch(task: BatchTask): Promise<unknown> {
  const result: BatchResult = await make(task);
  return result.kind === 'batch'
    ? move({ [transferableSymbol]: result.images.buffer, [valueSymbol]: result })
    : result;
}
