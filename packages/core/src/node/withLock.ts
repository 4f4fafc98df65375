import { mkdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import lockfile from 'proper-lockfile';

/** How long to wait for a lock, and how long its owner may be silent. */
export interface LockOptions {
  readonly waitMilliseconds?: number;
  /** A lock whose owner has not renewed it for this long (at least 2 s) is taken over: its process has died. */
  readonly staleMilliseconds?: number;
}

/**
 * Runs `action` while holding the lock of a folder (made if missing); waits for other processes that hold it.
 * @throws Error when the lock is not free within `waitMilliseconds`, at once when the folder cannot be written, or after
 * the action when the lock was lost meanwhile: its file removed, or taken over while this process stood still.
 */
export async function withLock<T>(
  folder: string,
  action: () => Promise<T>,
  { waitMilliseconds = 600_000, staleMilliseconds = 20_000 }: LockOptions = {},
): Promise<T> {
  await mkdir(folder, { recursive: true });
  let lost: Error | undefined;
  const options = {
    stale: staleMilliseconds,
    update: staleMilliseconds / 4,
    onCompromised: (error: Error): void => void (lost = error),
  };
  const release = await acquire(folder, options, performance.now() + waitMilliseconds);
  let result: T;
  try {
    result = await action();
  } finally {
    if (lost === undefined) await release();
  }
  if (lost !== undefined)
    throw new Error(
      `The lock of "${folder}" was lost while it was held, so another process may have worked there too.`,
      { cause: lost },
    );
  return result;
}

/** Only a lock that somebody holds is worth waiting for. */
async function acquire(
  folder: string,
  options: lockfile.LockOptions,
  deadline: number,
): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lockfile.lock(folder, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED' || performance.now() >= deadline)
        throw error;
      await setTimeout(200 + 200 * Math.random());
    }
  }
}
