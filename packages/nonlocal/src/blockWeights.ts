import { matMul, softmaxRows } from '@nonlocal-med/tensor';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * Attention weights of a block of queries, [rows, M]. The scores are freed at once, so that the next matrix of this size
 * takes their place in the processor's cache.
 *
 * @param queries [rows, d]
 * @param keysAcross [d, M]
 */
export function blockWeights(queries: tf.Tensor2D, keysAcross: tf.Tensor2D): tf.Tensor2D {
  const scores = matMul(queries, keysAcross);
  const weights = softmaxRows(scores);
  scores.dispose();
  return weights;
}
