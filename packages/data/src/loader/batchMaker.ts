import { type Batch, InputError, type Preprocessing, type Sample } from '@nonlocal-med/core';
import { createMemoryCache, isCached } from '../cache/memoryCache.js';
import type { AugmentationOptions } from '../image/augment.js';
import { bytesPerLevel } from '../image/levels.js';
import type { BatchItem, BatchWork } from './batchTask.js';
import type { Workers } from './workerPool.js';

/** A sample, with the hash of its file's content if checking has computed it. */
export type LoaderSample = Sample & { readonly facts?: { readonly hash: string } };

/** Makes the batch of the samples with these indices. */
export type BatchMaker = (
  indices: Int32Array,
  epoch: {
    readonly epoch: number;
    /** How often each of the samples came before in the epoch; default: never. */
    readonly repeats?: Int32Array;
    /** Its first word is set once the batch is no longer needed. */
    readonly cancelled: Int32Array;
  },
) => Promise<Batch>;

interface BatchMakerOptions {
  readonly preprocessing: Preprocessing;
  readonly augmentation?: AugmentationOptions;
  readonly seed: number;
  readonly cacheFolder?: string;
  readonly cacheMegabytes: number;
  readonly onWarning?: (message: string) => void;
  readonly workers: Workers;
  readonly recorder: LoaderStatisticsRecorder;
}

/** Turns the loader's samples, options and cache into tasks for the worker threads, and their results into batches. */
export function createBatchMaker(
  samples: readonly LoaderSample[],
  {
    preprocessing,
    augmentation,
    seed,
    cacheFolder,
    cacheMegabytes,
    onWarning,
    workers,
    recorder,
  }: BatchMakerOptions,
): BatchMaker {
  const [height, width] = preprocessing.size;
  const memory = createMemoryCache({
    entries: samples.length,
    entryBytes:
      height * width * (preprocessing.color === 'grey' ? 1 : 3) * bytesPerLevel(preprocessing),
    megabytes: cacheMegabytes,
  });
  let warned = false;
  const warnOnce = (reason: string): void => {
    if (!warned) onWarning?.(`Cannot cache preprocessed images in "${cacheFolder}": ${reason}`);
    warned = true;
  };
  const toItem = (index: number, repeat = 0): BatchItem => {
    const { id, file, frame, pixels, facts } = samples[index];
    const needsPixels = file === undefined && !isCached(memory, index);
    return {
      id,
      repeat,
      slot: index,
      file,
      frame,
      hash: facts?.hash,
      pixels: needsPixels ? pixels : undefined,
    };
  };
  return async (indices, { epoch, repeats, cancelled }) => {
    recorder.begin();
    const result = await workers.makeBatch({
      items: Array.from(indices, (index, place) => toItem(index, repeats?.[place])),
      preprocessing,
      augmentation,
      seed,
      epoch,
      memory,
      cacheFolder,
      cancelled,
    });
    if (result.kind === 'issue') throw new InputError(result);
    if (result.kind === 'cancelled') throw new Error('The batch was cancelled.');
    recorder.work(result.work);
    if (result.work.cacheFailure !== undefined) warnOnce(result.work.cacheFailure);
    const members = Array.from(indices, (index) => samples[index]);
    return {
      images: result.images,
      shape: [members.length, height, width, 3],
      labels: Int32Array.from(members.flatMap(({ label, findings }) => findings ?? [label])),
      ids: members.map(({ id }) => id),
    };
  };
}

/** What a loader has done so far. */
export interface LoaderStatistics {
  /** Batches that the consumer has taken. */
  readonly batches: number;
  /** Milliseconds that the consumer has waited for them. */
  readonly waitMilliseconds: number;
  /** Images decoded and preprocessed. */
  readonly decoded: number;
  /** Milliseconds of decoding and preprocessing, summed over the threads. */
  readonly decodeMilliseconds: number;
  /** Milliseconds of augmentation and normalization, summed over the threads. */
  readonly finishMilliseconds: number;
  /** Images that came from the memory cache. */
  readonly memoryHits: number;
  /** Images that came from the disk cache. */
  readonly diskHits: number;
  /** Largest number of batches that were started and not yet taken by the consumer. */
  readonly mostAhead: number;
}

/** Records what a loader does. */
export interface LoaderStatisticsRecorder {
  /** A batch was started. */
  readonly begin: () => void;
  /** A batch was made. */
  readonly work: (work: BatchWork) => void;
  /** The consumer took a batch. */
  readonly take: (waitMilliseconds: number) => void;
  /** Started batches are no longer needed. */
  readonly drop: (count: number) => void;
  readonly read: () => LoaderStatistics;
}

/** Statistics that start at zero. */
export function createLoaderStatistics(): LoaderStatisticsRecorder {
  let ahead = 0;
  const total = {
    batches: 0,
    waitMilliseconds: 0,
    decoded: 0,
    decodeMilliseconds: 0,
    finishMilliseconds: 0,
    memoryHits: 0,
    diskHits: 0,
    mostAhead: 0,
  };
  return {
    begin: () => (total.mostAhead = Math.max(total.mostAhead, ++ahead)),
    work({ decoded, decodeMilliseconds, finishMilliseconds, memoryHits, diskHits }) {
      total.decoded += decoded;
      total.decodeMilliseconds += decodeMilliseconds;
      total.finishMilliseconds += finishMilliseconds;
      total.memoryHits += memoryHits;
      total.diskHits += diskHits;
    },
    take(waitMilliseconds) {
      ahead--;
      total.batches++;
      total.waitMilliseconds += waitMilliseconds;
    },
    drop: (count) => (ahead -= count),
    read: () => ({ ...total }),
  };
}
