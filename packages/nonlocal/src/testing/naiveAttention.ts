import * as tf from '@tensorflow/tfjs-core';

/** Attention as in its formula, with the whole N x M matrix and tfjs-core's own gradients. */
export function naiveAttention(
  [queries, keys, values]: readonly tf.Tensor3D[],
  scale = 1,
): tf.Tensor3D {
  return tf.matMul(tf.softmax(tf.mul(tf.matMul(queries, keys, false, true), scale)), values);
}
