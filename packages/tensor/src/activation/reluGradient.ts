import * as tf from '@tensorflow/tfjs-core';

/** dy where y = max(x, 0) is positive, else 0. */
export function reluGradient<T extends tf.Tensor>(dy: T, y: tf.Tensor): T {
  return tf.mul(dy, tf.step(y));
}
