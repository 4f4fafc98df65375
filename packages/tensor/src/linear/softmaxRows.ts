import * as tf from '@tensorflow/tfjs-core';

/** Softmax over the last axis. */
export function softmaxRows<T extends tf.Tensor>(x: T): T {
  return tf.softmax(x);
}
