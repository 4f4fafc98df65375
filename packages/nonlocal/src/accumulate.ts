import * as tf from '@tensorflow/tfjs-core';

/** Adds `term` to a running sum and frees both; the first term is the sum. */
export function accumulate<T extends tf.Tensor>(sum: T | undefined, term: T): T {
  if (sum === undefined) return term;
  const next = tf.add<T>(sum, term);
  tf.dispose([sum, term]);
  return next;
}
