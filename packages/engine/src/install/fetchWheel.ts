import { stat } from 'node:fs/promises';
import { UnavailableError } from '@nonlocal-med/core';
import type { TensorflowRelease } from '../tensorflowRelease.js';
import { downloadWithPip } from './downloadWithPip.js';
import { findPip } from './findPip.js';
import { hashFile } from './hashFile.js';
import type { InstallProgress } from './installProgress.js';

/**
 * Fetches a pinned wheel into a folder and checks its size and SHA-256.
 * @returns the wheel's path.
 * @throws UnavailableError where it cannot be fetched or is not the pinned one.
 */
export async function fetchWheel(release: TensorflowRelease, folder: string, progress: InstallProgress): Promise<string> {
  const pip = await findPip();
  if (pip === undefined) throw new UnavailableError('no pip');
  progress.line(`fetching ${release.wheel} with pip ${pip.version}`);
  const wheel = await downloadWithPip({ pip, release, folder, progress });
  const { size } = await stat(wheel);
  if (size !== release.size) throw new UnavailableError(`${release.wheel} as fetched has ${size} bytes instead of ${release.size}; nothing was installed`);
  const sha256 = await hashFile(wheel);
  if (sha256 !== release.sha256) throw new UnavailableError(`${release.wheel} as fetched has SHA-256 ${sha256}, expected ${release.sha256}; nothing was installed`);
  return wheel;
}
