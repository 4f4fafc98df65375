import { availableParallelism } from 'node:os';
import type { Preprocessing } from '@nonlocal-med/core';
import type { ImageSource } from '../dataset/checkImage.js';
import { prefetched } from './prefetched.js';
import type { PreparedBatch } from './prepareBatch.js';
import { acquireWorkers } from './workerPool.js';

/** How {@link prepareImages} works. */
export interface PrepareOptions {
  readonly preprocessing: Preprocessing;
  readonly batchSize: number;
  /** Threads; 0 for the calling thread. Default: all cores but one, at most 4. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads, decodes and preprocesses image files, or frames of them, in worker threads, a few batches ahead of the consumer.
 * Each is decoded once. One that cannot be read takes its place with the reason and stops nothing.
 * @returns batches in the order of the images
 */
export async function* prepareImages(
  sources: readonly ImageSource[],
  {
    preprocessing,
    batchSize,
    workers = Math.max(1, Math.min(4, availableParallelism() - 1)),
    signal = new AbortController().signal,
  }: PrepareOptions,
): AsyncGenerator<PreparedBatch, void, undefined> {
  const pool = acquireWorkers(workers);
  try {
    yield* prefetched(
      (batch) =>
        pool.prepareBatch({
          sources: sources.slice(batch * batchSize, (batch + 1) * batchSize),
          preprocessing,
        }),
      {
        first: 0,
        end: Math.ceil(sources.length / batchSize),
        ahead: workers === 0 ? 1 : workers + 2,
        signal,
        onTake: () => undefined,
        onEnd: () => undefined,
      },
    );
  } finally {
    await pool.release();
  }
}
