import { type Dataset, InputError } from '@nonlocal-med/core';
import {
  createLoader,
  type Loader,
  type LoaderSample,
  openDataset,
  type OpenedDataset,
  type Split,
  splitByGroup,
  type SplitOptions,
  tinyLesionsDataset,
} from '@nonlocal-med/data';
import type { RunFolder } from '@nonlocal-med/runs';
import type { RunConfig } from '../config/runConfigSchema.js';

/**
 * Opens and divides the images that a configuration names. Equal configurations and files give equal splits.
 * @throws InputError with all issues of the data set together, or of the split.
 */
export async function openRunData(
  config: Pick<RunConfig, 'data' | 'split' | 'seed'>,
  options: OpenRunDataOptions = {},
): Promise<RunData> {
  const dataset = await openRunDataset(config.data, options);
  const split = splitByGroup<LoaderSample>(dataset.samples, {
    ...runSplitOptions(config),
    classes: dataset.classes,
  });
  return { dataset, split, notes: dataset.notes };
}

/** The images of a run, opened, checked and divided. */
export interface RunData {
  readonly dataset: Dataset;
  readonly split: Split<LoaderSample>;
  /** Decisions and findings the user should know of, one sentence each. */
  readonly notes: readonly string[];
}

/** What a caller may want to see or stop while a data set is opened. */
export interface OpenRunDataOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A data set, what kind of one it is, and decisions and findings about it that the user should know of, one sentence each. */
export type NotedDataset = Dataset & {
  readonly kind: OpenedDataset['kind'] | 'tiny-lesions';
  readonly notes: readonly string[];
};

/**
 * Opens the images that the `data` section of a configuration names: from disk, every file checked, or drawn.
 * @throws InputError with all issues of the data set together.
 */
export async function openRunDataset(
  data: RunConfig['data'],
  options: OpenRunDataOptions = {},
): Promise<NotedDataset> {
  if (data.kind !== 'tiny-lesions') return openDataset({ ...data, ...options });
  const { images, size, seed, classes } = data;
  return {
    ...tinyLesionsDataset({ count: images, size, seed, classes }),
    kind: data.kind,
    notes: [],
  };
}

/** How a run divides its images: with the seed of the run, unless the split has one of its own. */
export function runSplitOptions({ split, seed }: Pick<RunConfig, 'split' | 'seed'>): SplitOptions {
  return { ...split, seed: split.seed ?? seed };
}

/**
 * A run goes on, or is evaluated, on the images it began with.
 * @throws InputError when the data set's contents have changed since.
 */
export function requireSameData(run: RunFolder, { dataset }: RunData): void {
  const before = (run.environment as { data?: { fingerprint?: string; images?: number } }).data;
  if (before?.fingerprint === dataset.fingerprint) return;
  throw new InputError({
    path: run.path,
    message: `the images have changed since the run began: ${before?.images ?? 'unknown'} images with fingerprint ${before?.fingerprint?.slice(0, 12) ?? 'unknown'} then, ${dataset.samples.length} with ${dataset.fingerprint.slice(0, 12)} now`,
    hint: 'bring the data set back to what it was, or begin a new run',
  });
}

/** How {@link createRunLoader} differs from side to side. */
interface RunLoaderOptions {
  readonly classes: readonly string[];
  /** Shuffled and augmented: the training side only. */
  readonly training: boolean;
  readonly signal?: AbortSignal;
  readonly onWarning?: (message: string) => void;
}

/** Batches of one side of a run's split, as its configuration says. */
export function createRunLoader(
  samples: readonly LoaderSample[],
  config: RunConfig,
  { classes, training, signal, onWarning }: RunLoaderOptions,
): Loader {
  return createLoader(samples, {
    classes,
    preprocessing: config.preprocessing,
    batchSize: config.training.batchSize,
    seed: config.seed,
    shuffle: training,
    ...(training && config.augmentation !== false ? { augmentation: config.augmentation } : {}),
    ...config.loader,
    signal,
    onWarning,
  });
}
