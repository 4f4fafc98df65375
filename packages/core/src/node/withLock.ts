import { mkdir } from 'node:fs/promises';
import lockfile from 'proper-lockfile';

/** A lock whose owner has not renewed it for this long is taken over: its process has died. */
const STALE_MILLISECONDS = 20_000;

/**
 * Runs `action` while holding the lock of a folder (made if missing); waits for other processes that hold it.
 * @throws Error when the lock is not free within `waitMilliseconds`.
 */
export async function withLock<T>(folder: string, action: () => Promise<T>, { waitMilliseconds = 600_000 } = {}): Promise<T> {
  await mkdir(folder, { recursive: true });
  const pause = 500;
  const release = await lockfile.lock(folder, {
    stale: STALE_MILLISECONDS,
    update: STALE_MILLISECONDS / 4,
    retries: { retries: Math.ceil(waitMilliseconds / pause), factor: 1, minTimeout: pause, maxTimeout: pause, randomize: true },
  });
  try {
    return await action();
  } finally {
    await release();
  }
}
