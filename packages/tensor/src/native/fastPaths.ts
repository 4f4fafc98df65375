import { type NativeKernels, nativeKernels } from './nativeKernels.js';

let enabled = true;

/**
 * Turns the native fast paths of all operations off, or on again. Meant for tests and for finding out whether a fast path
 * causes a problem; both ways give the same results to within 1e-5. Gradients of gradients need fast paths off.
 */
export function setFastPaths(on: boolean): void {
  enabled = on;
}

/** TensorFlow's kernels if the backend has them and fast paths are on, else null. */
export function fastKernels(): NativeKernels | null {
  return enabled ? nativeKernels() : null;
}

/** Runs a function with the fast paths off. */
export function withoutFastPaths<Result>(run: () => Result): Result {
  const before = enabled;
  enabled = false;
  try {
    return run();
  } finally {
    enabled = before;
  }
}
