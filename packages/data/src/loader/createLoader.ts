import { createRandom, InputError, type Batch, type BatchSource, type Sample } from '@nonlocal-med/core';
import { createMemoryCache, isCached } from '../cache/memoryCache.js';
import { acquireWorkers } from './acquireWorkers.js';
import type { BatchItem, BatchResult } from './batchTask.js';
import { createTally, type LoaderStatistics } from './createTally.js';
import { resolveLoaderOptions, type LoaderOptions } from './loaderOptions.js';
import { prefetched } from './prefetched.js';

/** A sample, with the hash of its file's content where checking has found it out. */
export type LoaderSample = Sample & { readonly facts?: { readonly hash: string } };

export interface Loader extends BatchSource {
  /** Ends epochs under way, and the threads when no other loader uses them. */
  close(): Promise<void>;
  statistics(): LoaderStatistics;
}

/**
 * Batches of some samples, made in worker threads while the main thread computes, a few ahead: decoded, preprocessed
 * (once, then from a cache), augmented, normalised. An epoch's batches depend on the samples, the seed and the epoch's
 * index alone, not on the number of threads nor on where the epoch was entered.
 *
 * A file that has become unreadable, or another one since the data set was opened, ends the epoch with an InputError
 * that names it.
 */
export function createLoader(samples: readonly LoaderSample[], options: LoaderOptions): Loader {
  const { classes, preprocessing, batchSize, seed, shuffle, augmentation, dropLast, workers: threads, prefetch, cacheFolder, cacheMegabytes, signal, onWarning } = resolveLoaderOptions(options);
  const [height, width] = preprocessing.size;
  const memory = createMemoryCache({ entries: samples.length, entryBytes: height * width * (preprocessing.color === 'grey' ? 1 : 3), megabytes: cacheMegabytes });
  const batchesPerEpoch = dropLast ? Math.floor(samples.length / batchSize) : Math.ceil(samples.length / batchSize);
  const workers = acquireWorkers(threads);
  const closing = new AbortController();
  const stop = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
  const underWay = new Set<Promise<unknown>>();
  const cancellations = new Set<Int32Array>();
  const tally = createTally();
  let warned = false;

  const toItem = (slot: number): BatchItem => {
    const { id, file, pixels, facts } = samples[slot];
    return { id, slot, file, hash: facts?.hash, ...(file === undefined && !isCached(memory, slot) ? { pixels } : {}) };
  };
  const toBatch = (result: BatchResult, chosen: readonly LoaderSample[]): Batch => {
    if (result.kind === 'fault') throw new InputError(result);
    if (result.kind === 'cancelled') throw new Error('A cancelled batch was asked for.');
    tally.work(result.work);
    if (result.work.cacheFailure !== undefined && !warned) onWarning?.(`Preprocessed images cannot be kept in "${cacheFolder}": ${result.work.cacheFailure}`);
    warned ||= result.work.cacheFailure !== undefined;
    return { images: result.images, shape: [chosen.length, height, width, 3], labels: Int32Array.from(chosen, ({ label }) => label), ids: chosen.map(({ id }) => id) };
  };

  async function* epoch(index: number, { firstBatch = 0 }: { readonly firstBatch?: number } = {}): AsyncGenerator<Batch, void, undefined> {
    if (closing.signal.aborted) throw new Error('The loader is closed.');
    const order = Int32Array.from(samples.keys());
    if (shuffle) createRandom(seed, 'order', index).shuffle(order);
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    cancellations.add(cancelled);
    const make = async (batch: number): Promise<Batch> => {
      const slots = order.subarray(batch * batchSize, (batch + 1) * batchSize);
      tally.begin();
      const task = workers.makeBatch({ items: Array.from(slots, toItem), preprocessing, augmentation, seed, epoch: index, memory, cacheFolder, cancelled });
      underWay.add(task);
      try {
        return toBatch(await task, Array.from(slots, (slot) => samples[slot]));
      } finally {
        underWay.delete(task);
      }
    };
    yield* prefetched(make, {
      first: firstBatch,
      end: batchesPerEpoch,
      ahead: threads === 0 ? 1 : prefetch,
      signal: stop,
      onTake: tally.take,
      onEnd: (left) => {
        Atomics.store(cancelled, 0, 1);
        cancellations.delete(cancelled);
        tally.drop(left);
      },
    });
  }

  return {
    classes,
    sampleCount: samples.length,
    batchesPerEpoch,
    epoch,
    statistics: tally.read,
    async close() {
      closing.abort(new Error('The loader is closed.'));
      for (const cancelled of cancellations) Atomics.store(cancelled, 0, 1);
      await Promise.allSettled(underWay);
      await workers.release();
    },
  };
}
