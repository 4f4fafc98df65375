import { readdir } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';
import { isHidden } from './isHidden.js';
import { naturalCompare } from './naturalCompare.js';

/** Names in a folder in natural order, without hidden ones. @throws InputError when the folder cannot be read. */
export async function listNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !isHidden(name)).sort(naturalCompare);
  } catch (error) {
    throw new InputError(
      {
        path: folder,
        message: `the folder cannot be read (${(error as NodeJS.ErrnoException).code})`,
      },
      { cause: error },
    );
  }
}
