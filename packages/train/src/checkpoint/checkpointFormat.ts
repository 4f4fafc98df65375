import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OptimizerState } from '../optimizer.js';
import type { Checkpoint } from './checkpoint.js';

/** Files of a checkpoint; the manifest is written last and lists the others with their hashes. */
export const checkpointFiles = {
  manifest: 'manifest.json',
  state: 'state.json',
  weights: 'weights.safetensors',
  trained: 'trained.safetensors',
  optimizer: 'optimizer.safetensors',
} as const;

/** Prefixes of the names in `optimizer.safetensors`. */
export const momentPrefixes = { first: 'first.', second: 'second.' } as const;

/** Content of `manifest.json`: a checkpoint counts only if its files match it. */
export interface Manifest {
  readonly format: 1;
  readonly files: Readonly<Record<string, FileSummary>>;
}

/** Length and hash of a file. */
export interface FileSummary {
  readonly bytes: number;
  readonly sha256: string;
}

/** Content of `state.json`: the checkpoint without its tensors. */
export interface CheckpointState extends Pick<
  Checkpoint,
  'progress' | 'identity' | 'kernelChoices' | 'log'
> {
  readonly optimizerStep?: OptimizerState['step'];
}

/** The folder of one checkpoint and its position in the series. */
export interface CheckpointFolder {
  readonly path: string;
  readonly number: number;
}

/** The folder of a checkpoint in a series. */
export function checkpointFolder(folder: string, number: number, step: number): string {
  return join(folder, `${String(number).padStart(8, '0')}-step-${step}`);
}

/** The checkpoints in a folder, newest first; none where the folder does not exist. */
export async function listCheckpoints(folder: string): Promise<CheckpointFolder[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const match = /^(\d{8})-step-\d+$/.exec(name);
      return match === null ? [] : [{ path: join(folder, name), number: Number(match[1]) }];
    })
    .sort((a, b) => b.number - a.number);
}
