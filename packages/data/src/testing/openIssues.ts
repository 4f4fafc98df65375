import { InputError } from '@nonlocal-med/core';
import type { DataOptions } from '../dataset/dataOptionsSchema.js';
import { openDataset } from '../dataset/openDataset.js';

/** The issues of a data set, each as "path: message (hint)" with the folder replaced by <set>. */
export async function openIssues(
  path: string,
  options: Partial<DataOptions> = {},
): Promise<string[]> {
  try {
    await openDataset({ path, workers: 0, cacheFolder: null, ...options });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.issues.map((issue) =>
      `${issue.path}: ${issue.message}${issue.hint === undefined ? '' : ` (${issue.hint})`}`.replaceAll(
        path,
        '<set>',
      ),
    );
  }
  throw new Error('There was no issue.');
}

/** The issues that a function throws, each as "path: message (hint)". */
export function thrownIssues(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.issues.map(
      (issue) =>
        `${issue.path}: ${issue.message}${issue.hint === undefined ? '' : ` (${issue.hint})`}`,
    );
  }
  throw new Error('There was no issue.');
}
