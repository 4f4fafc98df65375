import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { withLock, writeAtomic } from '@nonlocal-med/core/node';
import { describeOwner, ownerRuns, type LockOwner } from './lockOwner.js';
import { runFiles } from './runFiles.js';

/** A lock of another machine's process that was not renewed for this long is taken over. */
const STALE_MILLISECONDS = 15 * 60_000;
const RENEW_MILLISECONDS = 60_000;

const held = new Set<string>();

/** The right to train a run. */
export interface RunLock {
  /** To be called at least once in ten minutes; costs nothing more often. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes a run for this process alone. The lock of a process that has died is taken over: at once where it ran on this
 * machine, after 15 minutes without a sign of life where it ran on another one that shares the file system.
 * (A timer cannot keep this lock alive: one step may block the event loop for longer than such locks last.)
 * @param folder the run's folder, which exists.
 * @throws UnavailableError when another process trains the run.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const file = join(folder, runFiles.lock);
  const owner = describeOwner(randomUUID());
  await withLock(join(folder, runFiles.checkpoints), async () => {
    const other = await lockHolder(folder);
    if (other !== null) throw new UnavailableError(`${folder} is being trained by process ${other.pid} on ${other.host}. Wait for it, or stop it.`);
    await writeAtomic(file, JSON.stringify(owner));
  });
  held.add(owner.token);
  let renewed = Date.now();
  return {
    async renew() {
      const now = Date.now();
      if (now - renewed < RENEW_MILLISECONDS) return;
      renewed = now;
      await utimes(file, now / 1000, now / 1000);
    },
    async release() {
      held.delete(owner.token);
      if ((await readOwner(file))?.token === owner.token) await rm(file, { force: true });
    },
  };
}

/** The living process that trains a run, or null. */
export async function lockHolder(folder: string): Promise<LockOwner | null> {
  const file = join(folder, runFiles.lock);
  const owner = await readOwner(file);
  if (owner === null) return null;
  const self = describeOwner(owner.token);
  if (owner.host !== self.host) {
    const age = Date.now() - (await stat(file)).mtimeMs;
    return age < STALE_MILLISECONDS ? owner : null;
  }
  const alive = owner.pid === self.pid ? held.has(owner.token) : ownerRuns(owner);
  return alive ? owner : null;
}

async function readOwner(file: string): Promise<LockOwner | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockOwner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}
