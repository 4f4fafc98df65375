import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { naturalCompare } from './naturalCompare.js';

/** Names in a folder in natural order, without hidden ones. @throws InputError if the folder cannot be read. */
export async function listFolder(folder: string): Promise<string[]> {
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

/** Those of the names in a folder that are folders, or links to one. */
export async function selectFolders(folder: string, names: readonly string[]): Promise<string[]> {
  const areFolders = await Promise.all(names.map((name) => isFolder(join(folder, name))));
  return names.filter((_, index) => areFolders[index]);
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

/** Names that are never part of a data set: hidden files, and what operating systems leave behind. */
function isHidden(name: string): boolean {
  return name.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini', '@eaDir'].includes(name);
}
