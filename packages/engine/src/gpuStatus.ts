import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { nvidiaDriver } from './nvidiaDriver.js';
import { probeInstallation } from './probeInstallation.js';

/** How an installation with CUDA works on this machine. */
interface GpuStatus {
  /** What it was tested with: driver, host, and the devices that the environment exposes. */
  readonly machine: string;
  readonly usesGpu: boolean;
  /** Whether it can at least be loaded to compute on the CPU. */
  readonly loads: boolean;
  /** Why no GPU is used. */
  readonly issue?: string;
}

/** The last result, kept in the installation's folder. */
const FILE = 'gpu.json';

/**
 * Tests an installation with CUDA in a child process, which an incompatible driver may crash, and
 * keeps the result until driver, host or `CUDA_VISIBLE_DEVICES` change. `fresh` tests again in any case.
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

/** Why TensorFlow did not use a GPU, in one sentence, from what it logged (level 0) at startup. */
export function explainUnusedGpu(log: string): string {
  const missing = [...log.matchAll(/Could not load dynamic library '([^']+)'/g)].map(
    ([, library]) => library,
  );
  if (missing.length > 0) return `it could not load ${[...new Set(missing)].join(', ')}`;
  if (/cuInit: .*(ERROR_NO_DEVICE|ERROR \(100\))/.test(log))
    return 'the driver sees no GPU (CUDA_VISIBLE_DEVICES, or a container without one)';
  const call = /failed call to cuInit: (.*)/.exec(log)?.[1];
  if (log.includes('Could not find cuda drivers'))
    return `it found no CUDA driver${call === undefined ? '' : ` (${call.trim()})`}`;
  if (call !== undefined) return `the driver refused to start (${call.trim()})`;
  const line = log
    .split('\n')
    .find(
      (text) => /gpu|cuda/i.test(text) && /[EW]\d{4}|error|Skipping|Ignoring|Cannot/i.test(text),
    );
  return line === undefined ? 'TensorFlow gave no reason' : line.replace(/^.*?\]\s*/, '').trim();
}
