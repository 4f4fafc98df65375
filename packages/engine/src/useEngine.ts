import type { DeviceChoice, EngineChoice, EngineInfo } from './engineInfo.js';
import { startNative } from './load/startNative.js';
import { startWasm } from './load/startWasm.js';

/** What a caller asks of {@link useEngine}. */
export interface EngineOptions {
  /** Default `auto`: native where it is installed and works, else wasm. */
  readonly backend?: EngineChoice;
  /** Threads that one operation may use; default: what the machine has. Native only; fixed by the first call. */
  readonly threads?: number;
  /** Default `auto`: a GPU where one is installed for and works. */
  readonly device?: DeviceChoice;
}

/**
 * Registers and sets the tfjs backend that runs the numbers, and says what was chosen and why. A second call with the
 * same choice changes nothing; one with another engine switches. TensorFlow itself is loaded once a process.
 * @throws UnavailableError where `native` or `cuda` is asked for and cannot be had.
 * @throws RangeError for threads that are no whole number above 0, or others than TensorFlow already runs with.
 */
export async function useEngine({
  backend: engine = 'auto',
  threads,
  device = 'auto',
}: EngineOptions = {}): Promise<EngineInfo> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
    throw new RangeError(`threads: got ${threads} (a whole number above 0)`);
  if (engine === 'wasm') return startWasm('wasm was asked for');
  try {
    return await startNative({ threads, device });
  } catch (error) {
    if (engine === 'native' || device === 'cuda' || error instanceof RangeError) throw error;
    return startWasm(`native TensorFlow is not used: ${(error as Error).message}`);
  }
}
