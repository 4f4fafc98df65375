import { withLock } from '@nonlocal-med/core/node';

/** After this long it is worth a line that something is waited for. */
const PATIENCE_MILLISECONDS = 1500;
/** A slow line needs this long for the largest download. */
const WAIT_MILLISECONDS = 2 * 3_600_000;

/** Runs an action while no other process installs into the folder; says so when it has to wait. */
export async function withInstallLock<T>(
  folder: string,
  action: () => Promise<T>,
  onWaiting: () => void,
): Promise<T> {
  const timer = setTimeout(onWaiting, PATIENCE_MILLISECONDS);
  try {
    return await withLock(
      folder,
      () => {
        clearTimeout(timer);
        return action();
      },
      { waitMilliseconds: WAIT_MILLISECONDS },
    );
  } finally {
    clearTimeout(timer);
  }
}
