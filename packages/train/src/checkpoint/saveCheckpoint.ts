import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { syncFolder } from '@nonlocal-med/core/node';
import type { LiveCheckpoint } from './checkpoint.js';
import { checkpointFiles } from './checkpointFiles.js';
import { checkpointFolders } from './checkpointFolders.js';
import { encodeWeights } from './encodeWeights.js';
import type { CheckpointState, FileSummary, Manifest } from './manifest.js';
import { type Chunks, writeSynced } from './writeSynced.js';

/** Begins the name of a folder that is being written; one left by a killed process is removed by the next save. */
const WRITING = '.writing-';

/**
 * Writes a checkpoint whole or not at all: into a temporary folder beside, every file and the folder synced, then one
 * rename. A folder holds a series of checkpoints: the newest `keep` stay, so that there is one to go back to should
 * the newest turn out broken. One process at a time may write to a folder (a run's lock sees to that).
 * @param folder such as `runs/x/checkpoints/last`; made if missing.
 * @returns the path of the new checkpoint.
 * @throws UnavailableError when the disk is full; what was there before is untouched.
 */
export async function saveCheckpoint(
  folder: string,
  checkpoint: LiveCheckpoint,
  { keep = 2 }: { keep?: number } = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await removeUnfinished(folder);
  const before = await checkpointFolders(folder);
  const number = (before[0]?.number ?? 0) + 1;
  const temporary = join(folder, `${WRITING}${process.pid}-${number}`);
  const path = join(folder, `${String(number).padStart(8, '0')}-step-${checkpoint.progress.step}`);
  try {
    await mkdir(temporary);
    await writeFiles(temporary, checkpoint);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new UnavailableError(
        `No space left on the disk for the checkpoint ${path}. The one before it is intact: free some space, then resume.`,
        { cause: error },
      );
    throw error;
  }
  await syncFolder(folder);
  for (const { path: old } of before.slice(keep - 1))
    await rm(old, { recursive: true, force: true });
  return path;
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(WRITING)) await rm(join(folder, name), { recursive: true, force: true });
}

/** One tensor at a time is in memory. */
async function writeFiles(
  folder: string,
  { weights, optimizer, ...rest }: LiveCheckpoint,
): Promise<void> {
  const state: CheckpointState = {
    ...rest,
    ...(optimizer === undefined ? {} : { optimizerStep: optimizer.step }),
  };
  const files: Record<string, FileSummary> = {};
  const write = async (name: string, chunks: Chunks): Promise<void> => {
    files[name] = await writeSynced(join(folder, name), chunks);
  };
  await write(checkpointFiles.weights, encodeWeights({ '': weights }));
  if (optimizer !== undefined)
    await write(
      checkpointFiles.optimizer,
      encodeWeights({ 'first.': optimizer.first, 'second.': optimizer.second }),
    );
  await write(checkpointFiles.state, [toJson(state)]);
  const manifest: Manifest = { format: 1, files };
  await writeSynced(join(folder, checkpointFiles.manifest), [toJson(manifest)]);
  await syncFolder(folder);
}

function toJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value, null, 1));
}
