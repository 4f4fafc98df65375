import { availableParallelism, totalmem } from 'node:os';
import {
  type Batch,
  type BatchPart,
  type BatchSource,
  createRandom,
  defaultPreprocessing,
  partRows,
  type Preprocessing,
  type Task,
} from '@nonlocal-med/core';
import { type AugmentationOptions, sampleAugmentation } from '../image/augment.js';
import { preprocess } from '../image/preprocess.js';
import {
  createBatchMaker,
  createLoaderStatistics,
  type LoaderSample,
  type LoaderStatistics,
} from './batchMaker.js';
import { countRepeats, orderOf } from './epochOrder.js';
import { prefetched } from './prefetched.js';
import { acquireWorkers } from './workerPool.js';

export type { LoaderSample, LoaderStatistics };

/** How {@link createLoader} orders, prepares and batches images. */
export interface LoaderOptions {
  /** Names of the classes that the samples' labels index, or of the samples' findings. */
  readonly classes: readonly string[];
  /** Default: `defaultPreprocessing` of core. */
  readonly preprocessing?: Preprocessing;
  /** Images per batch; the last batch of an epoch may have fewer. Default: 4, as in the paper. */
  readonly batchSize?: number;
  /** Seed of shuffling and augmentation; default: 0. */
  readonly seed?: number;
  /** Whether each epoch has a different order, as for training; default: the order of the samples. */
  readonly shuffle?: boolean;
  /**
   * Whether each class comes equally often in an epoch, which has as many images as without: those of rare classes come
   * several times, those of frequent ones in some epochs only. Needs `shuffle`, and one class per image. Default: false.
   */
  readonly balanced?: boolean;
  /** Random changes to each image, for training only; default: none. */
  readonly augmentation?: AugmentationOptions;
  /** Whether to drop a last batch with fewer images; default: false. */
  readonly dropLast?: boolean;
  /** Threads that make batches; 0 for the calling thread. Default: all cores but one, at most 4. */
  readonly workers?: number;
  /** Most batches that may be started and not yet taken by the consumer. Default: two more than threads. */
  readonly prefetch?: number;
  /** Folder that keeps preprocessed images from one run to the next; default: they are kept in memory only. */
  readonly cacheFolder?: string;
  /**
   * Memory for this loader's preprocessed images in MiB; images beyond it are prepared again in each epoch. Default:
   * 1024, at most an eighth of the machine's memory.
   */
  readonly cacheMegabytes?: number;
  /** Ends epochs in progress with its reason. */
  readonly signal?: AbortSignal;
  /** Called once if something makes the loader slower than necessary, such as a cache folder that is not writable. */
  readonly onWarning?: (message: string) => void;
}

/** Batches of preprocessed images, [batch, height, width, 3], one epoch after the other. */
export interface Loader extends BatchSource {
  /** Ends epochs in progress, and the threads if no other loader uses them. */
  close(): Promise<void>;
  statistics(): LoaderStatistics;
}

/**
 * Loads samples as batches, made in worker threads ahead of the consumer: decoded, preprocessed (once, then from a
 * cache), augmented and normalized. An epoch's batches depend only on the samples, the seed and the epoch's index, not
 * on the number of threads nor on the batch the epoch was entered at.
 *
 * @param samples with files or pixels, e.g. those of `openDataset`; samples with a file and `facts.hash` are verified
 * @returns a source of batches: images [batch, height, width, 3] as float32, ids, and labels: class indices [batch], or for
 *   samples with findings [batch, findings] (task `multilabel`). An epoch throws an InputError if a file has become
 *   unreadable or has changed since the data set was opened.
 * @throws InputError or RangeError for options out of range
 *
 * @example
 * ```ts
 * import { createLoader, tinyLesionsDataset } from '@nonlocal-med/data';
 *
 * const { samples, classes } = tinyLesionsDataset({ size: 64, count: 10 });
 * const loader = createLoader(samples, { classes, batchSize: 4, shuffle: true, workers: 0 });
 * for await (const { shape } of loader.epoch(0, { firstBatch: 2 }))
 *   console.log(shape.join(' x ')); // 2 x 386 x 386 x 3
 * await loader.close();
 * ```
 */
export function createLoader(samples: readonly LoaderSample[], options: LoaderOptions): Loader {
  const resolved = resolveLoaderOptions(options);
  const { classes, batchSize, dropLast, prefetch, signal } = resolved;
  const task = taskOf(samples, classes);
  if (options.balanced === true && task === 'multilabel')
    throw new RangeError('balanced needs one class per image; these have findings.');
  const batchesPerEpoch = dropLast
    ? Math.floor(samples.length / batchSize)
    : Math.ceil(samples.length / batchSize);
  const workers = acquireWorkers(resolved.workers);
  const recorder = createLoaderStatistics();
  const makeBatch = createBatchMaker(samples, { ...resolved, workers, recorder });
  const closing = new AbortController();
  const stop = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
  const inProgress = new Set<Promise<unknown>>();
  const cancellations = new Set<Int32Array>();

  async function* epoch(
    index: number,
    { firstBatch = 0 }: { readonly firstBatch?: number } = {},
    part?: BatchPart,
  ): AsyncGenerator<Batch, void, undefined> {
    stop.throwIfAborted();
    const order = orderOf(samples, { ...resolved, epoch: index });
    const repeats = options.balanced === true ? countRepeats(order) : undefined;
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    cancellations.add(cancelled);
    const begin = (batch: number): Promise<Batch> => {
      const whole = order.subarray(batch * batchSize, (batch + 1) * batchSize);
      const rows = part === undefined ? undefined : partRows(whole.length, part);
      const indices = whole.subarray(rows?.begin, rows?.end);
      const start = batch * batchSize + (rows?.begin ?? 0);
      const promise = makeBatch(indices, {
        epoch: index,
        repeats: repeats?.subarray(start, start + indices.length),
        cancelled,
      });
      inProgress.add(promise);
      const forget = (): boolean => inProgress.delete(promise);
      promise.then(forget, forget);
      return promise;
    };
    const onEnd = (left: number): void => {
      Atomics.store(cancelled, 0, 1);
      cancellations.delete(cancelled);
      recorder.drop(left);
    };
    yield* prefetched(begin, {
      first: firstBatch,
      end: batchesPerEpoch,
      ahead: resolved.workers === 0 ? 1 : prefetch,
      signal: stop,
      onTake: recorder.take,
      onEnd,
    });
  }

  const described = { task, classes, sampleCount: samples.length, batchesPerEpoch };
  return {
    ...described,
    epoch: (index, from) => epoch(index, from),
    partOf: (part) => ({ ...described, epoch: (index, from) => epoch(index, from, part) }),
    statistics: recorder.read,
    async close() {
      closing.abort(new Error('The loader is closed.'));
      for (const cancelled of cancellations) Atomics.store(cancelled, 0, 1);
      await Promise.allSettled(inProgress);
      await workers.release();
    },
  };
}

/** @throws RangeError if some samples have findings and others do not, or not one for each of the names. */
function taskOf(samples: readonly LoaderSample[], findings: readonly string[]): Task {
  if (samples.every((sample) => sample.findings === undefined)) return 'multiclass';
  const wrong = samples.find((sample) => sample.findings?.length !== findings.length);
  if (wrong !== undefined)
    throw new RangeError(
      `Sample "${wrong.id}" has ${wrong.findings?.length ?? 0} findings, expected ${findings.length}.`,
    );
  return 'multilabel';
}

type Defaulted =
  | 'preprocessing'
  | 'batchSize'
  | 'seed'
  | 'shuffle'
  | 'dropLast'
  | 'workers'
  | 'prefetch'
  | 'cacheMegabytes';

function resolveLoaderOptions(
  options: LoaderOptions,
): LoaderOptions & Required<Pick<LoaderOptions, Defaulted>> {
  const {
    preprocessing = defaultPreprocessing,
    batchSize = 4,
    seed = 0,
    shuffle = false,
    dropLast = false,
    workers = Math.max(1, Math.min(4, availableParallelism() - 1)),
    prefetch = workers + 2,
    cacheMegabytes = Math.min(1024, Math.floor(totalmem() / 2 ** 20 / 8)),
  } = options;
  if (options.balanced === true && !shuffle) throw new RangeError('balanced needs shuffle.');
  requireInteger('batchSize', batchSize, 1);
  requireInteger('workers', workers, 0);
  requireInteger('prefetch', prefetch, 1);
  if (!(cacheMegabytes >= 0))
    throw new RangeError(`cacheMegabytes must be at least 0, got ${cacheMegabytes}.`);
  // Otherwise invalid options of these steps would surface in a thread, at the first image.
  preprocess({ data: new Uint8Array(3), width: 1, height: 1, channels: 3 }, preprocessing);
  sampleAugmentation(createRandom(0), options.augmentation);
  return {
    ...options,
    preprocessing,
    batchSize,
    seed,
    shuffle,
    dropLast,
    workers,
    prefetch,
    cacheMegabytes,
  };
}

function requireInteger(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`${name} must be an integer of at least ${least}, got ${value}.`);
}
