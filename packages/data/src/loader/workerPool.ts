import { compiledFile } from '@nonlocal-med/core/node';
import { Piscina } from 'piscina';
import { checkEach, type ImageCheck, type ImageSource } from '../dataset/checkImage.js';
import type { BatchResult, BatchTask } from './batchTask.js';
import { makeBatch } from './makeBatch.js';
import { prepareBatch, type PreparedBatch, type PrepareTask } from './prepareBatch.js';

/** Threads that work on images, or the calling thread in their place. */
export interface Workers {
  /** Resolves to one check per image. */
  checkImages(sources: readonly ImageSource[]): Promise<ImageCheck[]>;
  makeBatch(task: BatchTask): Promise<BatchResult>;
  prepareBatch(task: PrepareTask): Promise<PreparedBatch>;
  /** Returns the threads; they end when no holder is left and their work is done. */
  release(): Promise<void>;
}

const pools = new Map<number, { readonly pool: Piscina; holders: number }>();

/**
 * Worker threads, shared by all holders that request the same number of them, such as the loaders of a run, which rarely
 * work at the same time. With 0, the work is done in the calling thread.
 *
 * @throws RangeError if the count is not an integer of at least 0
 */
export function acquireWorkers(count: number): Workers {
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`workers must be an integer of at least 0, got ${count}.`);
  if (count === 0)
    return {
      checkImages: checkEach,
      makeBatch,
      prepareBatch,
      release: () => Promise.resolve(),
    };
  const entry = pools.get(count) ?? { pool: createPool(count), holders: 0 };
  pools.set(count, entry);
  entry.holders++;
  let held = true;
  return {
    checkImages: (sources) =>
      entry.pool.run(sources, { name: 'checkImages' }) as Promise<ImageCheck[]>,
    makeBatch: (task) => entry.pool.run(task, { name: 'makeBatch' }) as Promise<BatchResult>,
    prepareBatch: (task) =>
      entry.pool.run(task, { name: 'prepareBatch' }) as Promise<PreparedBatch>,
    async release() {
      if (!held) return;
      held = false;
      if (--entry.holders > 0) return;
      pools.delete(count);
      await entry.pool.close();
    },
  };
}

/** Runs an action with worker threads and releases them afterwards, even if it fails. */
export async function withWorkers<T>(
  count: number,
  action: (workers: Workers) => Promise<T>,
): Promise<T> {
  const workers = acquireWorkers(count);
  try {
    return await action(workers);
  } finally {
    await workers.release();
  }
}

/**
 * Each thread gets a second task while it works on one, so that it continues while the main thread is busy in a native
 * call and cannot hand out work.
 */
const createPool = (count: number): Piscina =>
  new Piscina({
    filename: compiledFile(import.meta.url, './imageWorker.js'),
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: 2,
    execArgv: [],
  });
