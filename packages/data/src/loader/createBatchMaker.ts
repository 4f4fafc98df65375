import { type Batch, InputError, type Sample } from '@nonlocal-med/core';
import { createMemoryCache, isCached } from '../cache/memoryCache.js';
import type { Workers } from './acquireWorkers.js';
import type { BatchItem } from './batchTask.js';
import type { LoaderTally } from './createTally.js';
import type { ResolvedLoaderOptions } from './loaderOptions.js';

/** A sample, with the hash of its file's content where checking has found it out. */
export type LoaderSample = Sample & { readonly facts?: { readonly hash: string } };

/** Makes the batch of the samples at these places; `cancelled[0]` is set once nobody wants it. */
export type BatchMaker = (
  places: Int32Array,
  epoch: { readonly epoch: number; readonly cancelled: Int32Array },
) => Promise<Batch>;

type MakerOptions = Omit<ResolvedLoaderOptions, 'workers'> & {
  readonly workers: Workers;
  readonly tally: LoaderTally;
};

/** Puts the loader's samples, options and cache into tasks for the threads, and their results into batches. */
export function createBatchMaker(
  samples: readonly LoaderSample[],
  {
    preprocessing,
    augmentation,
    seed,
    cacheFolder,
    cacheMegabytes,
    workers,
    tally,
    onWarning,
  }: MakerOptions,
): BatchMaker {
  const [height, width] = preprocessing.size;
  const memory = createMemoryCache({
    entries: samples.length,
    entryBytes: height * width * (preprocessing.color === 'grey' ? 1 : 3),
    megabytes: cacheMegabytes,
  });
  let warned = false;
  const warn = (reason: string): void => {
    if (!warned) onWarning?.(`Preprocessed images cannot be kept in "${cacheFolder}": ${reason}`);
    warned = true;
  };
  const toItem = (slot: number): BatchItem => {
    const { id, file, pixels, facts } = samples[slot];
    return {
      id,
      slot,
      file,
      hash: facts?.hash,
      ...(file === undefined && !isCached(memory, slot) ? { pixels } : {}),
    };
  };
  return async (places, { epoch, cancelled }) => {
    tally.begin();
    const result = await workers.makeBatch({
      items: Array.from(places, toItem),
      preprocessing,
      augmentation,
      seed,
      epoch,
      memory,
      cacheFolder,
      cancelled,
    });
    if (result.kind === 'issue') throw new InputError(result);
    if (result.kind === 'cancelled') throw new Error('A cancelled batch was asked for.');
    tally.work(result.work);
    if (result.work.cacheFailure !== undefined) warn(result.work.cacheFailure);
    const chosen = Array.from(places, (place) => samples[place]);
    return {
      images: result.images,
      shape: [chosen.length, height, width, 3],
      labels: Int32Array.from(chosen, ({ label }) => label),
      ids: chosen.map(({ id }) => id),
    };
  };
}
