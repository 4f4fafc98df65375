import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { explainUnusedGpu } from './explainUnusedGpu.js';
import { nvidiaDriver } from './nvidiaDriver.js';
import { probeInstallation } from './probeInstallation.js';

/** What an installation with CUDA does on this machine. */
export interface GpuStatus {
  /** What it was tried with: driver, host, the devices that the environment lets it see. */
  readonly machine: string;
  readonly usesGpu: boolean;
  /** Whether it can be loaded at all, to compute on the CPU. */
  readonly loads: boolean;
  /** Why no GPU is used. */
  readonly issue?: string;
}

/** The last answer, kept in the installation's folder. */
const FILE = 'gpu.json';

/**
 * Tries an installation with CUDA in a child process, which a driver that does not fit may bring down, and remembers
 * the answer until driver, host or `CUDA_VISIBLE_DEVICES` change. `fresh` tries again in any case.
 */
export async function gpuStatus(folder: string, { fresh = false } = {}): Promise<GpuStatus> {
  const machine = [
    `driver ${nvidiaDriver() ?? 'none'}`,
    hostname(),
    `devices ${process.env.CUDA_VISIBLE_DEVICES ?? 'all'}`,
  ].join(', ');
  const known = fresh ? undefined : await readStatus(folder);
  if (known?.machine === machine) return known;
  const status = await tryGpu(folder, machine);
  await writeAtomic(join(folder, FILE), JSON.stringify(status)).catch(() => undefined);
  return status;
}

async function tryGpu(folder: string, machine: string): Promise<GpuStatus> {
  try {
    const { usesGpu, log } = await probeInstallation(folder, { TF_CPP_MIN_LOG_LEVEL: '0' });
    return { machine, usesGpu, loads: true, ...(!usesGpu && { issue: explainUnusedGpu(log) }) };
  } catch (error) {
    return { machine, usesGpu: false, loads: false, issue: (error as Error).message };
  }
}

async function readStatus(folder: string): Promise<GpuStatus | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, FILE), 'utf8')) as GpuStatus;
  } catch {
    return undefined;
  }
}
