import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './syncFolder.js';

/**
 * Puts a finished folder in the place of another, which may exist. All three paths must be on one file system.
 * @param source the new folder
 * @param target the path it gets
 * @param aside an unused path for the old folder, which the caller removes
 */
export async function replaceFolder(source: string, target: string, aside: string): Promise<void> {
  await syncFolder(source);
  await rename(target, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(source, target);
  await syncFolder(dirname(target));
}
