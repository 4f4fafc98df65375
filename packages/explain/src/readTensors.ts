import * as tf from '@tensorflow/tfjs-core';

/**
 * Reads tensors asynchronously and disposes them.
 * @throws Error if a value is not finite, as after the loss of a graphics device
 */
export async function readTensors(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  try {
    const all = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
    if (!all.every((values) => values.every(Number.isFinite)))
      throw new Error(
        `The backend ${tf.getBackend()} returned values that are not finite for a map; use another backend, such as wasm.`,
      );
    return all.map((values) => values.slice());
  } finally {
    tf.dispose([...tensors]);
  }
}
