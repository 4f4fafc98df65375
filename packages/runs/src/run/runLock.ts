import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { type Claim, claimFile, claimHolder, type ClaimOwner } from '@nonlocal-med/core/node';
import { runFiles } from './runFiles.js';

/** The exclusive right to train a run. */
export type RunLock = Claim;

/**
 * Locks a run for this process, as `claimFile` of `@nonlocal-med/core/node` does.
 * @param folder the run folder, which exists
 * @throws UnavailableError when another process trains the run.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const result = await claimFile(join(folder, runFiles.lock), {
    lockFolder: join(folder, runFiles.checkpoints),
  });
  if ('claim' in result) return result.claim;
  throw new UnavailableError(
    `${folder} is being trained by process ${result.holder.pid} on ${result.holder.host}. Wait until it ends, or stop it; delete ${join(folder, runFiles.lock)} only if you know that it has ended.`,
  );
}

/** The living process that trains a run, or null. */
export function lockHolder(folder: string): Promise<ClaimOwner | null> {
  return claimHolder(join(folder, runFiles.lock));
}
