import { type NativeKernels, nativeKernels } from './nativeKernels.js';

let enabled = true;

/**
 * Turns the native fast paths of all operations off (or on again). For tests and to find out whether a fast path is at
 * issue; both ways give the same numbers to 1e-5. Gradients of gradients need them off.
 */
export function setFastPaths(on: boolean): void {
  enabled = on;
}

/** Whether operations may use native fast paths. */
function fastPaths(): boolean {
  return enabled;
}

/** TensorFlow's kernels where the backend has them and fast paths are on, else null. */
export function fastKernels(): NativeKernels | null {
  return fastPaths() ? nativeKernels() : null;
}
