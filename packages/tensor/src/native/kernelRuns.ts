import * as tf from '@tensorflow/tfjs-core';

/** Whether a kernel computes what it is given, or refuses its shape. */
export function kernelRuns(run: () => tf.TensorContainer): boolean {
  try {
    tf.tidy(() => void run());
    return true;
  } catch {
    return false;
  }
}
