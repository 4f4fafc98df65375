import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';

/** Free bytes of the file system that a folder (or its first existing parent) is on. */
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

/** Bytes as `1.13 GB`. */
export function formatBytes(bytes: number): string {
  return bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(2)} GB`
    : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/**
 * @throws UnavailableError where fewer than `needed` bytes are free.
 */
export async function requireSpace(
  folder: string,
  needed: number,
  measure: typeof freeSpace = freeSpace,
): Promise<void> {
  const free = await measure(folder);
  if (free < needed) throw new UnavailableError(spaceMessage(folder, needed, free));
}

/** The one line about a full disk. */
export function spaceMessage(folder: string, needed: number, free: number): string {
  return `not enough disk space in ${folder}: need ${formatBytes(needed)}, have ${formatBytes(free)}; free some, or set NONLOCAL_MED_CACHE to a folder with room`;
}
