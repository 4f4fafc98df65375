import { UnavailableError } from '@nonlocal-med/core';
import type { DeviceChoice } from '../engineInfo.js';
import { gpuStatus } from '../gpuStatus.js';
import type { Installation } from '../installation.js';
import { installationFolder } from '../installationFolder.js';
import { nvidiaDriver } from '../nvidiaDriver.js';
import { probeInstallation } from '../probeInstallation.js';
import { tensorflowRelease } from '../tensorflowRelease.js';
import { installInto } from './installInto.js';
import { type InstallProgress, silent } from './installProgress.js';

/** What to install. */
export interface InstallOptions {
  /** Default `auto`: with CUDA where an NVIDIA driver is present, else for the CPU. */
  readonly device?: DeviceChoice;
  /** Installs anew even where an installation is whole. */
  readonly force?: boolean;
  /** Default true: CUDA that finds no GPU is an error. False installs it for another machine that shares the cache. */
  readonly requireGpu?: boolean;
  readonly progress?: InstallProgress;
}

/**
 * Installs native TensorFlow in the user's cache folder, whole or not at all, and tests it in a child process before
 * it counts. Where it is there already, that is all; where another process is at it, waits for that. With `auto`, a
 * GPU that does not work is said in a line and TensorFlow for the CPU installed beside.
 * @throws UnavailableError with one line that says what is missing, or why a GPU that was asked for is not used.
 */
export async function installEngine({
  device = 'auto',
  force = false,
  requireGpu = true,
  progress = silent,
}: InstallOptions = {}): Promise<Installation> {
  const driver = nvidiaDriver();
  if (device === 'cuda' && requireGpu && driver === undefined) {
    throw new UnavailableError(
      'no NVIDIA driver on this machine; install it, or add --no-gpu-check to install for another machine that shares this cache',
    );
  }
  if (device === 'cuda' || (device === 'auto' && driver !== undefined)) {
    try {
      const installation = await installInto({
        release: tensorflowRelease('cuda'),
        device: 'cuda',
        folder: installationFolder('cuda'),
        force,
        progress,
        probe: probeWithoutGpu,
      });
      const status = requireGpu ? await gpuStatus(installation.folder) : undefined;
      if (status?.usesGpu !== false) return installation;
      throw new UnavailableError(
        `TensorFlow with CUDA is installed but does not use a GPU: ${status.issue}`,
      );
    } catch (error) {
      if (device === 'cuda' || !(error instanceof UnavailableError)) throw error;
      progress.line(`${error.message}; providing TensorFlow for the CPU`);
    }
  }
  return installInto({
    release: tensorflowRelease('cpu'),
    device: 'cpu',
    folder: installationFolder('cpu'),
    force,
    progress,
    probe: probeInstallation,
  });
}

/** Whether the libraries work at all; whether they use the GPU is asked afterwards. */
function probeWithoutGpu(folder: string): Promise<unknown> {
  return probeInstallation(folder, { CUDA_VISIBLE_DEVICES: '-1' });
}
