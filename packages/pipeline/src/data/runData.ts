import { type Dataset, InputError, type PixelValues } from '@nonlocal-med/core';
import {
  createLoader,
  hasGivenSplit,
  type Loader,
  type LoaderSample,
  openDataset,
  type OpenedDataset,
  type Split,
  splitDataset,
  type SplitOptions,
  tinyLesionsDataset,
} from '@nonlocal-med/data';
import { classesAreOrdered } from '@nonlocal-med/metrics';
import type { RunFolder } from '@nonlocal-med/runs';
import type { RunConfig } from '../config/runConfigSchema.js';

/** The images of a run: checked, and divided into training, validation and test set. */
export interface RunData {
  readonly dataset: NotedDataset;
  readonly split: Split<LoaderSample>;
  /** Decisions and observations about the data set that the user should know, one sentence each. */
  readonly notes: readonly string[];
  /** Those of the observations that make the results of a test unreliable; absent if they were not looked for. */
  readonly cautions?: readonly string[];
  /** The scale of the values in the image files; undefined for images in memory. */
  readonly values?: PixelValues;
}

/** How to follow or stop the opening of a data set. */
export interface OpenRunDataOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** The scale of values that the images must have. */
  readonly modelValues?: PixelValues;
}

/**
 * Opens and splits the images of a configuration. Equal configurations and files give equal splits.
 * @throws InputError with all issues of the data set, or of the split.
 */
export async function openRunData(
  config: Pick<RunConfig, 'data' | 'split' | 'seed' | 'preprocessing'>,
  options: OpenRunDataOptions = {},
): Promise<RunData> {
  const dataset = await openRunDataset(config.data, {
    modelValues: config.preprocessing.values,
    ...options,
  });
  const { split, notes } = splitDataset<LoaderSample>(dataset, runSplitOptions(config, dataset));
  return { dataset, split, notes: [...dataset.notes, ...notes], values: dataset.values };
}

/** A data set with its kind, and with decisions and observations that the user should know, one sentence each. */
export type NotedDataset = Dataset &
  Pick<OpenedDataset, 'givenSplit' | 'likelyGroups'> &
  Partial<Pick<OpenedDataset, 'privateNotes' | 'hidesNames'>> & {
    readonly kind: OpenedDataset['kind'] | 'tiny-lesions';
    readonly values?: PixelValues;
    readonly notes: readonly string[];
  };

/**
 * Opens the images that the `data` section of a configuration describes: files on disk, each of them checked, or
 * synthetic images.
 * @throws InputError with all issues of the data set.
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

/** Whether any group of images is more than copies of one image, which are called by the id of one of them. */
export function knowsPatients(samples: readonly Pick<LoaderSample, 'id' | 'group'>[]): boolean {
  const ids = new Set(samples.map(({ id }) => id));
  return samples.some(({ group }) => group !== undefined && !ids.has(group));
}

/**
 * Whether the classes of a data set have an order, as grades do: as declared, by their names or numeric thresholds, or
 * because the data set is known to be graded.
 */
export function hasOrderedClasses(
  options: object,
  {
    classes,
    name,
    task,
    kind = '',
  }: Pick<Dataset, 'classes' | 'name' | 'task'> & { readonly kind?: string },
): boolean {
  if (task === 'multilabel') return false;
  const { ordered, labelThresholds } = options as {
    readonly ordered?: boolean;
    readonly labelThresholds?: readonly number[];
  };
  const declared = ordered ?? (labelThresholds === undefined ? undefined : true);
  return classesAreOrdered(classes, { declared, dataset: `${name} ${kind}` });
}

/**
 * How a run splits its images: with the seed of the split if it is set, else with the seed of the run. A validation set
 * that is taken from the training images of a given split is the same for all seeds of runs, so that they differ in
 * nothing else.
 */
export function runSplitOptions(
  { split, seed }: Pick<RunConfig, 'split' | 'seed'>,
  { samples }: Pick<Dataset, 'samples'>,
): SplitOptions {
  return { ...split, seed: split.seed ?? (hasGivenSplit(samples) ? 0 : seed) };
}

/**
 * Makes sure that a run is resumed or evaluated on the images it was started with.
 * @throws InputError if the contents of the data set have changed since.
 */
export function requireSameData(run: RunFolder, { dataset }: RunData): void {
  const before = (run.environment as { data?: { fingerprint?: string; images?: number } }).data;
  if (before?.fingerprint === dataset.fingerprint) return;
  const then = `${before?.images ?? 'unknown'} images with fingerprint ${before?.fingerprint?.slice(0, 12) ?? 'unknown'} then`;
  const now = `${dataset.samples.length} with ${dataset.fingerprint.slice(0, 12)} now`;
  throw new InputError({
    path: run.path,
    message: `the images have changed since the run was started: ${then}, ${now}`,
    hint: 'restore the data set, or start a new run',
  });
}

/** How {@link createRunLoader} loads one part of the split. */
interface RunLoaderOptions {
  readonly classes: readonly string[];
  /** Shuffles and augments; for the training set only. */
  readonly training: boolean;
  readonly signal?: AbortSignal;
  readonly onWarning?: (message: string) => void;
}

/**
 * A loader of preprocessed batches, [batch, height, width, 3], of one part of a run's split. For training, the
 * augmentation of the configuration must be resolved (`resolveAugmentation`).
 */
export function createRunLoader(
  samples: readonly LoaderSample[],
  config: RunConfig,
  { classes, training, signal, onWarning }: RunLoaderOptions,
): Loader {
  const { augmentation } = config;
  if (training && augmentation === 'auto') throw new Error('The augmentation is not resolved.');
  return createLoader(samples, {
    classes,
    preprocessing: config.preprocessing,
    batchSize: config.training.batchSize,
    seed: config.seed,
    shuffle: training,
    balanced: training && config.training.balancedSampling,
    dropLast: training && config.training.dropLast === true,
    ...(training && typeof augmentation === 'object' ? { augmentation } : {}),
    ...config.loader,
    signal,
    onWarning,
  });
}
