import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes, UnavailableError } from '@nonlocal-med/core';

/** Free bytes in the file system of a folder or its first existing parent. */
export async function freeSpace(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder)
      throw error;
    return freeSpace(dirname(folder));
  }
}

/** @throws UnavailableError if fewer than `needed` bytes are free. */
export async function requireSpace(
  folder: string,
  needed: number,
  measure: typeof freeSpace = freeSpace,
): Promise<void> {
  const free = await measure(folder);
  if (free < needed)
    throw new UnavailableError(
      `not enough disk space in ${folder}: ${formatBytes(needed)} needed, ${formatBytes(free)} free; free some, or set NONLOCAL_MED_CACHE to a folder with enough space`,
    );
}
