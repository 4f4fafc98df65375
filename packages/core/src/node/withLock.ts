import { mkdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import lockfile from 'proper-lockfile';

/** Time limits of a lock. */
export interface LockOptions {
  /** How long to wait for other processes; default ten minutes. */
  readonly waitMilliseconds?: number;
  /** A lock that was not renewed for this long (at least 2 s) is taken over: its process has died. Default 20 s. */
  readonly staleMilliseconds?: number;
}

/**
 * Runs `action` while holding the lock of a folder (created if missing); waits for other processes that hold it.
 * @returns what the action returns
 * @throws Error when the lock is not free within `waitMilliseconds`, at once when the folder cannot be written, or after
 * the action when the lock was lost meanwhile: its file was removed, or another process took it over while this one was
 * suspended
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

/** Waits only if another process holds the lock; other errors would not go away. */
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
