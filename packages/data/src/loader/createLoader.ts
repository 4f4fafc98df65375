import { type Batch, type BatchSource, createRandom } from '@nonlocal-med/core';
import { acquireWorkers } from './acquireWorkers.js';
import { createBatchMaker, type LoaderSample } from './createBatchMaker.js';
import { createTally, type LoaderStatistics } from './createTally.js';
import { type LoaderOptions, resolveLoaderOptions } from './loaderOptions.js';
import { prefetched } from './prefetched.js';

export type { LoaderSample };

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
 *
 * @throws InputError or RangeError for options out of range
 */
export function createLoader(samples: readonly LoaderSample[], options: LoaderOptions): Loader {
  const resolved = resolveLoaderOptions(options);
  const { classes, batchSize, seed, shuffle, dropLast, prefetch, signal } = resolved;
  const batchesPerEpoch = dropLast
    ? Math.floor(samples.length / batchSize)
    : Math.ceil(samples.length / batchSize);
  const workers = acquireWorkers(resolved.workers);
  const tally = createTally();
  const makeBatch = createBatchMaker(samples, { ...resolved, workers, tally });
  const closing = new AbortController();
  const stop = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
  const underWay = new Set<Promise<unknown>>();
  const cancellations = new Set<Int32Array>();

  async function* epoch(
    index: number,
    { firstBatch = 0 }: { readonly firstBatch?: number } = {},
  ): AsyncGenerator<Batch, void, undefined> {
    stop.throwIfAborted();
    const order = Int32Array.from(samples.keys());
    if (shuffle) createRandom(seed, 'order', index).shuffle(order);
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    cancellations.add(cancelled);
    const begin = (batch: number): Promise<Batch> => {
      const made = makeBatch(order.subarray(batch * batchSize, (batch + 1) * batchSize), {
        epoch: index,
        cancelled,
      });
      underWay.add(made);
      const forget = (): boolean => underWay.delete(made);
      made.then(forget, forget);
      return made;
    };
    const onEnd = (left: number): void => {
      Atomics.store(cancelled, 0, 1);
      cancellations.delete(cancelled);
      tally.drop(left);
    };
    yield* prefetched(begin, {
      first: firstBatch,
      end: batchesPerEpoch,
      ahead: resolved.workers === 0 ? 1 : prefetch,
      signal: stop,
      onTake: tally.take,
      onEnd,
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
