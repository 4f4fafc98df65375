import type { Checkpoint } from './checkpoint.js';
import { checkpointFolders } from './checkpointFolders.js';
import { readCheckpoint } from './readCheckpoint.js';

/** A checkpoint that was found, and the newer ones that were passed over. */
export interface LoadedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The folder it was read from. */
  readonly path: string;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * The newest valid checkpoint of a folder such as `runs/x/checkpoints/last`: one whose files have the hashes of its
 * manifest. Says which newer ones were broken, and why.
 * @returns null where there is none, not even a broken one.
 * @throws Error when there are checkpoints and all are broken.
 */
export async function loadCheckpoint(folder: string): Promise<LoadedCheckpoint | null> {
  const skipped: { path: string; reason: string }[] = [];
  for (const { path } of await checkpointFolders(folder)) {
    try {
      return { checkpoint: await readCheckpoint(path), path, skipped };
    } catch (error) {
      skipped.push({ path, reason: (error as Error).message });
    }
  }
  if (skipped.length === 0) return null;
  throw new Error(
    `No valid checkpoint in ${folder}: ${skipped.map(({ path, reason }) => `${path}: ${reason}`).join('; ')}.`,
  );
}
