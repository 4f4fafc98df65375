import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const PATTERN = /^(\d{8})-step-\d+$/;

/** A checkpoint's folder and its place in the order of writing. */
export interface CheckpointFolder {
  readonly path: string;
  readonly number: number;
}

/** The checkpoints in a folder, newest first; none where the folder does not exist. */
export async function checkpointFolders(folder: string): Promise<CheckpointFolder[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const match = PATTERN.exec(name);
      return match === null ? [] : [{ path: join(folder, name), number: Number(match[1]) }];
    })
    .sort((a, b) => b.number - a.number);
}
