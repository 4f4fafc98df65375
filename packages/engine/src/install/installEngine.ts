import { UnavailableError } from '@nonlocal-med/core';
import type { DeviceChoice } from '../engineInfo.js';
import { gpuStatus } from '../gpuStatus.js';
import { type Installation, installationFolder } from '../installation.js';
import { nvidiaDriver } from '../nvidiaDriver.js';
import { probeInstallation } from '../probeInstallation.js';
import { tensorflowRelease } from '../tensorflowRelease.js';
import { installInto } from './installInto.js';
import { type InstallProgress, silent } from './installProgress.js';

/** Options of {@link installEngine}. */
export interface InstallOptions {
  /** Default `auto`: for CUDA if an NVIDIA driver is present, else for the CPU. */
  readonly device?: DeviceChoice;
  /** Reinstalls even if the installation is intact. */
  readonly force?: boolean;
  /** Default true: CUDA without a usable GPU is an error. False installs for another machine that shares the cache. */
  readonly requireGpu?: boolean;
  readonly progress?: InstallProgress;
}

/**
 * Installs native TensorFlow atomically in the user's cache folder, after testing it in a child
 * process. Does nothing if it is already installed, and waits if another process is installing it.
 * With `auto`, a GPU that does not work is reported and TensorFlow for the CPU is installed as well.
 * @throws UnavailableError with one line on what is missing, or why a requested GPU is not used.
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
      'no NVIDIA driver on this machine; install it, or use --no-gpu-check to install for another machine that shares this cache',
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
      progress.line(`${error.message}; installing TensorFlow for the CPU`);
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

/** Tests only whether the libraries work; the GPU is tested afterwards. */
function probeWithoutGpu(folder: string): Promise<unknown> {
  return probeInstallation(folder, { CUDA_VISIBLE_DEVICES: '-1' });
}
