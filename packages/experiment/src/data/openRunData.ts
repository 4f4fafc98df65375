import { openDataset, splitByGroup, tinyLesionsDataset, type LoaderSample } from '@nonlocal-med/data';
import type { RunConfig } from '../config/runConfigSchema.js';
import type { RunData } from './runData.js';

/** What a caller may want to see or stop while a data set is opened. */
export interface OpenRunDataOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Opens and divides the images that a configuration names. Equal configurations and files give equal splits.
 * @throws InputError with all faults of the data set together.
 */
export async function openRunData({ data, split, seed }: Pick<RunConfig, 'data' | 'split' | 'seed'>, options: OpenRunDataOptions = {}): Promise<RunData> {
  if (data.kind === 'tiny-lesions') {
    const dataset = tinyLesionsDataset({ size: data.size, count: data.images, seed: data.seed, classes: data.classes });
    return { dataset, split: splitByGroup<LoaderSample>(dataset.samples, { ...split, seed: split.seed ?? seed, classes: dataset.classes }), notes: [] };
  }
  const dataset = await openDataset({ ...data, ...options });
  return { dataset, split: splitByGroup<LoaderSample>(dataset.samples, { ...split, seed: split.seed ?? seed, classes: dataset.classes }), notes: dataset.notes };
}
