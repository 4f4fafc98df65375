import type { Dataset } from '@nonlocal-med/core';
import { openDataset, type OpenedDataset, tinyLesionsDataset } from '@nonlocal-med/data';
import type { RunConfig } from '../config/runConfigSchema.js';

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
