import { InputError } from '@nonlocal-med/core';
import type { DataOptions } from '../dataset/dataOptionsSchema.js';
import { openDataset } from '../dataset/openDataset.js';

/** The issues of a data set, each as "where: what (allowed)" with the folder's own name taken out. */
export async function openIssues(
  path: string,
  options: Partial<DataOptions> = {},
): Promise<string[]> {
  try {
    await openDataset({ path, workers: 0, cacheFolder: null, ...options });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.issues.map(({ path: where, message: what, hint: allowed }) =>
      `${where}: ${what}${allowed === undefined ? '' : ` (${allowed})`}`.replaceAll(path, '<set>'),
    );
  }
  throw new Error('There was no issue.');
}
