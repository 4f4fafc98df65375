import { fastPaths } from '../fastPaths.js';
import { type NativeKernels, nativeKernels } from './nativeKernels.js';

/** TensorFlow's kernels where the backend has them and fast paths are on, else null. */
export function fastKernels(): NativeKernels | null {
  return fastPaths() ? nativeKernels() : null;
}
