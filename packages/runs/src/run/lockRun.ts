import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { type Claim, claimFile, claimHolder, type ClaimOwner } from '@nonlocal-med/core/node';
import { runFiles } from './runFiles.js';

/** The right to train a run. */
export type RunLock = Claim;

/**
 * Takes a run for this process alone, as `claimFile` of core does.
 * @param folder the run's folder, which exists.
 * @throws UnavailableError when another process trains the run.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const taken = await claimFile(join(folder, runFiles.lock), {
    lockFolder: join(folder, runFiles.checkpoints),
  });
  if ('claim' in taken) return taken.claim;
  throw new UnavailableError(
    `${folder} is being trained by process ${taken.holder.pid} on ${taken.holder.host}. Wait for it, or stop it.`,
  );
}

/** The living process that trains a run, or null. */
export function lockHolder(folder: string): Promise<ClaimOwner | null> {
  return claimHolder(join(folder, runFiles.lock));
}
