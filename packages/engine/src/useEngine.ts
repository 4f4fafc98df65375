import { availableParallelism } from 'node:os';
import { UnavailableError } from '@nonlocal-med/core';
import type { Device, DeviceChoice, EngineChoice, EngineInfo } from './engineInfo.js';
import { hasNvidiaDriver } from './hasNvidiaDriver.js';
import { readInstallation, type Installation } from './installation.js';
import { installationFolder } from './installationFolder.js';
import { loadNative } from './load/loadNative.js';
import { loadWasm } from './load/loadWasm.js';
import { tfjs } from './load/tfjs.js';

const INSTALL = 'run "npx nonlocal-med-engine install"';

/** What a caller asks of {@link useEngine}. */
export interface EngineOptions {
  /** Default `auto`: native where it is installed and works, else wasm. */
  readonly engine?: EngineChoice;
  /** Threads that one operation may use; default: what the machine has. Native only; fixed by the first call. */
  readonly threads?: number;
  /** Default `auto`: a GPU where there is one that works. */
  readonly device?: DeviceChoice;
}

/**
 * Registers and sets the tfjs backend that runs the numbers, and says what was chosen and why. A second call with
 * other choices switches; TensorFlow itself is loaded at most once a process.
 * @throws UnavailableError where `native` or `cuda` is asked for and is not there.
 */
export async function useEngine({ engine = 'auto', threads, device = 'auto' }: EngineOptions = {}): Promise<EngineInfo> {
  if (engine === 'wasm') return startWasm('wasm was asked for');
  try {
    return startNative(threads, device);
  } catch (error) {
    if (engine === 'native' || device === 'cuda') throw error;
    return startWasm(`native TensorFlow is not usable: ${(error as Error).message}`);
  }
}

function startNative(threads: number | undefined, device: DeviceChoice): EngineInfo {
  const wanted: readonly Device[] = device === 'auto' ? (hasNvidiaDriver() ? ['cuda', 'cpu'] : ['cpu']) : [device];
  const faults: string[] = [];
  for (const candidate of wanted) {
    const found = findInstallation(candidate);
    if (typeof found === 'string') {
      faults.push(found);
      continue;
    }
    const { tensorflow, usesGpu } = loadNative(found.folder, threads);
    return {
      engine: 'native',
      reason: faults.length > 0 ? faults.join('; ') : 'native TensorFlow is installed',
      backend: 'tensorflow',
      tensorflow,
      device: usesGpu ? 'cuda' : 'cpu',
      threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
      oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS === '1',
      versions: { node: process.versions.node, tfjs: tfjs().version.tfjs, tensorflow },
    };
  }
  throw new UnavailableError(faults.join('; '));
}

function findInstallation(device: Device): Installation | string {
  const found = readInstallation(installationFolder(device));
  if (found === undefined) return `TensorFlow for ${device} is not installed; ${INSTALL}`;
  return typeof found === 'string' ? `${found}; ${INSTALL}` : found;
}

async function startWasm(reason: string): Promise<EngineInfo> {
  const { version } = await loadWasm();
  return { engine: 'wasm', reason, backend: 'wasm', device: 'cpu', threads: 1, oneDnn: false, versions: { node: process.versions.node, tfjs: tfjs().version.tfjs, wasm: version } };
}
