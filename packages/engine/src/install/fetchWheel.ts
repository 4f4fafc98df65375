import { join } from 'node:path';
import { downloadFromIndex } from './downloadFromIndex.js';
import { downloadWithPip } from './downloadWithPip.js';
import { findPip } from './findPip.js';
import type { InstallProgress } from './installProgress.js';
import type { WheelRequest } from './selectWheel.js';

/**
 * Downloads a wheel into a new folder: with the user's pip, or, without a usable pip, from the index
 * in pip's environment variables.
 * @returns the path of the wheel
 * @throws UnavailableError if it cannot be downloaded.
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
    `downloading ${request.project}${request.versions} ${pip === undefined ? 'from the index in PIP_INDEX_URL' : `with pip ${pip.version}`}`,
  );
  return pip === undefined
    ? downloadFromIndex({ request, folder, progress })
    : downloadWithPip({ pip, request, folder, progress });
}
