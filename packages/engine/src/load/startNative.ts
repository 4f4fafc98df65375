import { availableParallelism } from 'node:os';
import { UnavailableError } from '@nonlocal-med/core';
import {
  checkCluster,
  type Cluster,
  type ClusterBackend,
  type ClusterOptions,
  openCluster,
  requireSameCluster,
} from '../cluster/cluster.js';
import type { DeviceChoice, EngineInfo } from '../engineInfo.js';
import { selectInstallation, type Selection } from '../selectInstallation.js';
import { loadNative, type NativeBackend } from './loadNative.js';
import { tfjs } from './tfjs.js';

/** The installation that this process has loaded, stored where a second copy of this package finds it too. */
const LOADED = Symbol.for('@nonlocal-med/engine: loaded TensorFlow');
const JOINED = Symbol.for('@nonlocal-med/engine: joined cluster');
const holder = globalThis as { [LOADED]?: Selection; [JOINED]?: Cluster };

/** The cluster that this process has joined by `useEngine({ cluster })`; undefined if it computes alone. */
export const joinedCluster = (): Cluster | undefined => holder[JOINED];

/** What native TensorFlow should run with. */
export interface NativeOptions {
  readonly threads?: number;
  readonly device: DeviceChoice;
  readonly cluster?: ClusterOptions;
}

/**
 * Loads native TensorFlow unless this process already has, activates its backend and describes it.
 * @throws UnavailableError if no usable installation exists.
 * @throws RangeError if TensorFlow is already loaded with another number of threads.
 */
export async function startNative({
  threads,
  device,
  cluster,
}: NativeOptions): Promise<EngineInfo> {
  const loaded = holder[LOADED];
  if (cluster !== undefined) checkCluster(cluster);
  if (cluster !== undefined && device === 'cuda')
    throw new UnavailableError(
      'several processes train together on CPUs only; request the device cpu, or one process on the GPU',
    );
  if (loaded !== undefined) requireSameCluster(holder[JOINED], cluster);
  if (loaded !== undefined && device !== 'auto' && device !== loaded.device) {
    throw new UnavailableError(
      `TensorFlow for ${loaded.device} is already loaded, and a process can load it only once; request ${device} in the first call`,
    );
  }
  const selection = loaded ?? (await selectInstallation(cluster === undefined ? device : 'cpu'));
  if (loaded !== undefined && threads !== undefined && threads !== currentThreads()) {
    throw new RangeError(
      `threads: got ${threads}, but TensorFlow already runs with ${currentThreads()}; set them in the first call`,
    );
  }
  const { tensorflow, usesGpu } = load(selection, { threads, cluster });
  holder[LOADED] = selection;
  if (cluster !== undefined)
    holder[JOINED] ??= openCluster(cluster, tfjs().backend() as unknown as ClusterBackend);
  return {
    engine: 'native',
    reason: selection.reason,
    backend: 'tensorflow',
    tensorflow,
    device: usesGpu ? 'cuda' : 'cpu',
    threads: currentThreads(),
    oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS === '1',
    ...(holder[JOINED] === undefined ? {} : { processes: holder[JOINED].members.length }),
    versions: { node: process.versions.node, tfjs: tfjs().version_core, tensorflow },
  };
}

const currentThreads = (): number =>
  Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism();

function load(
  { folder, hideGpu = false }: Selection,
  { threads, cluster }: Pick<NativeOptions, 'threads' | 'cluster'>,
): NativeBackend {
  try {
    return loadNative(folder, { threads, cluster, hideGpu: hideGpu || cluster !== undefined });
  } catch (error) {
    if (cluster !== undefined)
      throw new UnavailableError(
        `member ${cluster.member} of the cluster cannot listen at ${cluster.members[cluster.member]}: ${(error as Error).message.split('\n')[0]}; is the port in use?`,
        { cause: error },
      );
    throw new UnavailableError(
      `TensorFlow in ${folder} cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
      { cause: error },
    );
  }
}
