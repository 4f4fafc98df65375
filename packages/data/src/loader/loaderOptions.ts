import { availableParallelism, totalmem } from 'node:os';
import { createRandom, defaultPreprocessing, type Preprocessing } from '@nonlocal-med/core';
import type { AugmentationOptions } from '../image/augment.js';
import { drawAugmentation } from '../image/drawAugmentation.js';
import { preprocess } from '../image/preprocess.js';

export interface LoaderOptions {
  /** Names of the classes that the samples' labels are indices of. */
  readonly classes: readonly string[];
  readonly preprocessing?: Preprocessing;
  /** Images in a batch; the last batch of an epoch may have fewer. Default: 4, the paper's. */
  readonly batchSize?: number;
  readonly seed?: number;
  /** Each epoch in an order of its own, as for training; otherwise in the order of the samples. */
  readonly shuffle?: boolean;
  /** Random changes to each image, for training only. */
  readonly augmentation?: AugmentationOptions;
  /** Leaves out a last batch of fewer images. */
  readonly dropLast?: boolean;
  /** Threads that make batches; 0: the calling thread. Default: a core is left to the main thread, at most 4. */
  readonly workers?: number;
  /** Batches begun at most that the consumer has not had. Default: two more than there are threads. */
  readonly prefetch?: number;
  /** Folder that keeps preprocessed images from one run to the next; without it they are kept in memory only. */
  readonly cacheFolder?: string;
  /** Memory for this loader's preprocessed images, MiB; those beyond it are made again in each epoch. Default: 1024, at most an eighth of the machine's. */
  readonly cacheMegabytes?: number;
  /** Ends epochs under way with its reason. */
  readonly signal?: AbortSignal;
  /** Told once of what makes the loader slower than it need be: a cache folder that cannot be written. */
  readonly onWarning?: (message: string) => void;
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

export type ResolvedLoaderOptions = LoaderOptions & Required<Pick<LoaderOptions, Defaulted>>;

/** Options with their defaults. @throws InputError or RangeError that names an option out of range. */
export function resolveLoaderOptions(options: LoaderOptions): ResolvedLoaderOptions {
  const {
    preprocessing = defaultPreprocessing,
    batchSize = 4,
    seed = 0,
    shuffle = false,
    dropLast = false,
    workers = defaultWorkers(),
    cacheMegabytes = defaultMegabytes(),
  } = options;
  const { prefetch = workers + 2 } = options;
  requireWhole('batchSize', batchSize, 1);
  requireWhole('workers', workers, 0);
  requireWhole('prefetch', prefetch, 1);
  if (!(cacheMegabytes >= 0))
    throw new RangeError(`cacheMegabytes takes a number from 0, got ${cacheMegabytes}.`);
  // Options of these steps would otherwise be found wrong in a thread, at the first image.
  preprocess({ data: new Uint8Array(3), width: 1, height: 1, channels: 3 }, preprocessing);
  drawAugmentation(createRandom(0), options.augmentation);
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

const defaultWorkers = (): number => Math.max(1, Math.min(4, availableParallelism() - 1));
const defaultMegabytes = (): number => Math.min(1024, Math.floor(totalmem() / 2 ** 20 / 8));

function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`${name} takes a whole number from ${least}, got ${value}.`);
}
