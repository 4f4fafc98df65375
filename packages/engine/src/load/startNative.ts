import { availableParallelism } from 'node:os';
import { UnavailableError } from '@nonlocal-med/core';
import type { DeviceChoice, EngineInfo } from '../engineInfo.js';
import { selectInstallation, type Selection } from '../selectInstallation.js';
import { loadNative, type NativeBackend } from './loadNative.js';
import { tfjs } from './tfjs.js';

/** The installation that this process has loaded, stored where a second copy of this package finds it too. */
const LOADED = Symbol.for('@nonlocal-med/engine: loaded TensorFlow');
const holder = globalThis as { [LOADED]?: Selection };

/** What native TensorFlow should run with. */
export interface NativeOptions {
  readonly threads?: number;
  readonly device: DeviceChoice;
}

/**
 * Loads native TensorFlow unless this process already has, activates its backend and describes it.
 * @throws UnavailableError if no usable installation exists.
 * @throws RangeError if TensorFlow is already loaded with another number of threads.
 */
export async function startNative({ threads, device }: NativeOptions): Promise<EngineInfo> {
  const loaded = holder[LOADED];
  if (loaded !== undefined && device !== 'auto' && device !== loaded.device) {
    throw new UnavailableError(
      `TensorFlow for ${loaded.device} is already loaded, and a process can load it only once; request ${device} in the first call`,
    );
  }
  const selection = loaded ?? (await selectInstallation(device));
  if (loaded !== undefined && threads !== undefined && threads !== currentThreads()) {
    throw new RangeError(
      `threads: got ${threads}, but TensorFlow already runs with ${currentThreads()}; set them in the first call`,
    );
  }
  const { tensorflow, usesGpu } = load(selection, threads);
  holder[LOADED] = selection;
  return {
    engine: 'native',
    reason: selection.reason,
    backend: 'tensorflow',
    tensorflow,
    device: usesGpu ? 'cuda' : 'cpu',
    threads: currentThreads(),
    oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS === '1',
    versions: { node: process.versions.node, tfjs: tfjs().version_core, tensorflow },
  };
}

const currentThreads = (): number =>
  Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism();

function load({ folder, hideGpu }: Selection, threads: number | undefined): NativeBackend {
  try {
    return loadNative(folder, { threads, hideGpu });
  } catch (error) {
    throw new UnavailableError(
      `TensorFlow in ${folder} cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
      { cause: error },
    );
  }
}
