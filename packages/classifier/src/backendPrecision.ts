import { UnavailableError } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';

/** The TF.js backend that a classifier computes on, and how exactly. */
export interface ComputeBackend {
  /** `wasm`, `webgl`, `webgpu`, `tensorflow`, `cpu`. */
  readonly name: string;
  /** `float16` where WebGL has no 32-bit textures, as on many phones: probabilities then differ by up to about 1e-3. */
  readonly precision: 'float32' | 'float16';
}

/**
 * The backend that the page or program has chosen.
 * @throws UnavailableError if none is ready
 */
export async function currentBackend(): Promise<ComputeBackend> {
  const hasBackend = Object.keys(tf.engine().registryFactory).length > 0;
  if (!hasBackend)
    throw new UnavailableError(
      "No TF.js backend is available. Import one first, e.g. import '@tensorflow/tfjs-backend-wasm'; await tf.setBackend('wasm'); in Node: await useEngine() of @nonlocal-med/engine.",
    );
  await tf.ready();
  const name = tf.getBackend();
  const isHalf = name === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
  return { name, precision: isHalf ? 'float16' : 'float32' };
}
