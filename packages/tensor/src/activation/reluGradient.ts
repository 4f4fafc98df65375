import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';

/** dy where y = max(x, 0) is positive, else 0. tfjs's own form costs 8 to 20 times TensorFlow's kernel. */
export function reluGradient<T extends tf.Tensor>(dy: T, y: tf.Tensor): T {
  const kernels = fastKernels();
  return kernels === null
    ? tf.mul(dy, tf.step(y))
    : (kernels.run('ReluGrad', { T: { type: 'float32' } }, [dy, y], 1)[0] as T);
}
