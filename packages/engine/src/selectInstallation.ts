import { UnavailableError } from '@nonlocal-med/core';
import type { Device, DeviceChoice } from './engineInfo.js';
import { gpuStatus } from './gpuStatus.js';
import { type Installation, installationFolder, readInstallation } from './installation.js';
import { nvidiaDriver } from './nvidiaDriver.js';
import { inWorkspace } from './packageFolders.js';
import { isSupported } from './tensorflowRelease.js';

/** The installation to load, and why this one. */
export interface Selection {
  readonly folder: string;
  readonly device: Device;
  readonly reason: string;
  /** Hides GPUs from a TensorFlow that supports them. */
  readonly hideGpu?: boolean;
}

/**
 * How to call this package's program: in the workspace by a script, because npx would look for it on the package index,
 * and as a command of the published program where that runs.
 */
export const PROGRAM = programName();

/** The command that installs what is missing. */
export const INSTALL_COMMAND = `${PROGRAM} install`;

/**
 * Chooses an installation: for CUDA if a driver is present and the GPU works, else for the CPU, else
 * the one for CUDA with its GPU hidden.
 * @throws UnavailableError if no usable installation exists, or if a requested GPU is not used.
 */
export async function selectInstallation(device: DeviceChoice): Promise<Selection> {
  const cpu = findInstallation('cpu');
  const cuda = isSupported('cuda') ? findInstallation('cuda') : undefined;
  const driver = nvidiaDriver();
  if (
    device === 'cuda' ||
    (device === 'auto' && driver !== undefined && typeof cuda === 'object')
  ) {
    if (driver === undefined)
      throw new UnavailableError('a GPU was requested, but this machine has no NVIDIA driver');
    if (typeof cuda !== 'object')
      throw new UnavailableError(
        cuda ?? `no GPU is supported on ${process.platform}-${process.arch}`,
      );
    const status = await gpuStatus(cuda.folder);
    if (status.usesGpu)
      return {
        folder: cuda.folder,
        device: 'cuda',
        reason: 'TensorFlow with CUDA is installed and uses the GPU',
      };
    if (device === 'cuda')
      throw new UnavailableError(`a GPU was requested but is not used: ${status.issue}`);
    return chooseCpu(cpu, status.loads ? cuda : undefined, `the GPU is not used: ${status.issue}`);
  }
  const note =
    device === 'auto' && driver !== undefined && typeof cuda === 'string'
      ? `an NVIDIA driver is present, but ${cuda}`
      : undefined;
  return chooseCpu(cpu, typeof cuda === 'object' ? cuda : undefined, note);
}

function chooseCpu(
  cpu: Installation | string,
  cuda: Installation | undefined,
  note?: string,
): Selection {
  if (typeof cpu === 'object')
    return { folder: cpu.folder, device: 'cpu', reason: note ?? 'native TensorFlow is installed' };
  if (cuda === undefined) throw new UnavailableError(cpu);
  return {
    folder: cuda.folder,
    device: 'cpu',
    reason: note ?? 'native TensorFlow with CUDA is installed; the CPU is used',
    hideGpu: true,
  };
}

/** @returns the installation for a device, or one sentence on what is wrong and how to fix it */
export function findInstallation(device: Device): Installation | string {
  const found = readInstallation(installationFolder(device));
  if (typeof found === 'object') return found;
  const command = device === 'cuda' ? `${INSTALL_COMMAND} --device cuda` : INSTALL_COMMAND;
  return `${found ?? `TensorFlow for ${device === 'cpu' ? 'the CPU' : 'CUDA'} is not installed`}; run "${command}"`;
}

function programName(): string {
  const { NONLOCAL_MED_COMMAND: published } = process.env;
  if (published !== undefined) return `${published} engine`;
  return inWorkspace ? 'pnpm -w engine' : 'npx nonlocal-med-engine';
}
