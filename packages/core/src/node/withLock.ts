import { mkdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import lockfile from 'proper-lockfile';

/** A lock whose owner has not renewed it for this long is taken over: its process has died. */
const STALE_MILLISECONDS = 20_000;

/**
 * Runs `action` while holding the lock of a folder (made if missing); waits for other processes that hold it.
 * @throws Error when the lock is not free within `waitMilliseconds`, or at once when the folder cannot be written.
 */
export async function withLock<T>(folder: string, action: () => Promise<T>, { waitMilliseconds = 600_000 } = {}): Promise<T> {
  await mkdir(folder, { recursive: true });
  const release = await acquire(folder, performance.now() + waitMilliseconds);
  try {
    return await action();
  } finally {
    await release();
  }
}

/** Only a lock that somebody holds is worth waiting for. */
async function acquire(folder: string, deadline: number): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lockfile.lock(folder, { stale: STALE_MILLISECONDS, update: STALE_MILLISECONDS / 4 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED' || performance.now() >= deadline) throw error;
      await setTimeout(200 + 200 * Math.random());
    }
  }
}
