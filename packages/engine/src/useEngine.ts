import { UnavailableError } from '@nonlocal-med/core';
import type { ClusterOptions } from './cluster/cluster.js';
import type { DeviceChoice, EngineChoice, EngineInfo } from './engineInfo.js';
import { startNative } from './load/startNative.js';
import { startWasm } from './load/startWasm.js';

/** Options of {@link useEngine}. */
export interface EngineOptions {
  /** Default `auto`: native TensorFlow if it is installed and works, else wasm. */
  readonly backend?: EngineChoice;
  /** Number of threads that one operation may use; default: all cores. Native only; fixed by the first call. */
  readonly threads?: number;
  /** Default `auto`: a GPU if TensorFlow for CUDA is installed and works. */
  readonly device?: DeviceChoice;
  /**
   * Joins other processes, to exchange tensors with them through {@link joinedCluster}. TensorFlow then listens at this
   * member's port, without authentication, on all network interfaces (Linux: of this machine alone, if all members have the
   * host 127.0.0.1 or localhost): only for networks on which everybody is trusted. Native TensorFlow on CPUs only; in the first
   * call.
   */
  readonly cluster?: ClusterOptions;
}

/**
 * Registers and activates the tfjs backend, and reports which one was chosen and why. Also enables
 * `file://` URLs for saving and loading models. A second call with the same options changes
 * nothing; one with another backend switches. TensorFlow itself is loaded once per process.
 * @throws UnavailableError if `native` or `cuda` is requested and not available.
 * @throws InputError for a cluster that has no two members, or is not given in the first call.
 * @throws RangeError if `threads` is not a positive integer, or differs from what TensorFlow already runs with.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import { useEngine } from '@nonlocal-med/engine';
 *
 * const { backend } = await useEngine({ backend: 'wasm' });
 * console.log(backend); // wasm
 * console.log(tf.getBackend()); // wasm
 * ```
 */
export async function useEngine({
  backend = 'auto',
  threads,
  device = 'auto',
  cluster,
}: EngineOptions = {}): Promise<EngineInfo> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
    throw new RangeError(`threads: got ${threads} (a positive integer)`);
  if (backend === 'wasm' && cluster !== undefined)
    throw new UnavailableError('several processes compute together on native TensorFlow only');
  if (backend === 'wasm') return startWasm('wasm was requested');
  try {
    return await startNative({ threads, device, cluster });
  } catch (error) {
    if (
      backend === 'native' ||
      cluster !== undefined ||
      device === 'cuda' ||
      error instanceof RangeError
    )
      throw error;
    return startWasm(`native TensorFlow is not used: ${(error as Error).message}`);
  }
}
