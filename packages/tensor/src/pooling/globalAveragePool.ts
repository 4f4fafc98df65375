import * as tf from '@tensorflow/tfjs-core';

/** Mean over all positions. [B, H, W, C] -> [B, C] */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  return tf.mean(x, [1, 2]);
}
