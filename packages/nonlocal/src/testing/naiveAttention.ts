import * as tf from '@tensorflow/tfjs-core';

/** Attention as its formula reads, with the whole N x M matrix and tfjs-core's own gradients. */
export function naiveAttention(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  scale = 1,
): tf.Tensor3D {
  return tf.matMul(tf.softmax(tf.mul(tf.matMul(queries, keys, false, true), scale)), values);
}
