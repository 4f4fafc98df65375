import { join } from 'node:path';
import { downloadFromIndex } from './downloadFromIndex.js';
import { downloadWithPip } from './downloadWithPip.js';
import { findPip } from './findPip.js';
import type { InstallProgress } from './installProgress.js';
import type { WheelRequest } from './wheelRequest.js';

/**
 * Fetches a wheel into a new folder: with the user's pip, or without a usable one from the index that pip's variables name.
 * @returns the wheel's path.
 * @throws UnavailableError where it cannot be fetched.
 */
export async function fetchWheel(
  request: WheelRequest,
  work: string,
  progress: InstallProgress,
): Promise<string> {
  const folder = join(work, request.project);
  const pip = await findPip().catch((error: unknown) => {
    if (!process.env.PIP_INDEX_URL) throw error;
    return undefined;
  });
  progress.line(
    `fetching ${request.project}${request.versions} ${pip === undefined ? 'from the index that PIP_INDEX_URL names' : `with pip ${pip.version}`}`,
  );
  return pip === undefined
    ? downloadFromIndex({ request, folder, progress })
    : downloadWithPip({ pip, request, folder, progress });
}
