import { availableParallelism } from 'node:os';
import { UnavailableError } from '@nonlocal-med/core';
import type { DeviceChoice, EngineInfo } from '../engineInfo.js';
import { selectInstallation, type Selection } from '../selectInstallation.js';
import { loadNative } from './loadNative.js';
import { tfjs } from './tfjs.js';

/** What this process has loaded; kept where a second copy of this package finds it too. */
const LOADED = Symbol.for('@nonlocal-med/engine: loaded TensorFlow');
const holder = globalThis as { [LOADED]?: Selection };

/** What native TensorFlow should run with. */
export interface NativeOptions {
  readonly threads?: number;
  readonly device: DeviceChoice;
}

/**
 * Loads native TensorFlow, or takes what is loaded, sets its backend and describes it.
 * @throws UnavailableError where there is none that can be used; RangeError where it is loaded with other threads.
 */
export async function startNative({ threads, device }: NativeOptions): Promise<EngineInfo> {
  const loaded = holder[LOADED];
  if (loaded !== undefined && device !== 'auto' && device !== loaded.device) {
    throw new UnavailableError(
      `TensorFlow for ${loaded.device} is loaded already, which is once a process; ask for ${device} at the first call`,
    );
  }
  const selection = loaded ?? (await selectInstallation(device));
  const running = Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism();
  if (loaded !== undefined && threads !== undefined && threads !== running) {
    throw new RangeError(
      `threads: ${threads} asked for, but TensorFlow already runs with ${running}; choose them at the first call`,
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
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS === '1',
    versions: { node: process.versions.node, tfjs: tfjs().version.tfjs, tensorflow },
  };
}

function load(
  { folder, hideGpu }: Selection,
  threads: number | undefined,
): ReturnType<typeof loadNative> {
  try {
    return loadNative(folder, { threads, hideGpu });
  } catch (error) {
    throw new UnavailableError(
      `TensorFlow in ${folder} cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
      { cause: error },
    );
  }
}
