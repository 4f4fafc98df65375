import * as tf from '@tensorflow/tfjs-core';
import { checkAttentionInputs } from './checkAttentionInputs.js';

/**
 * Dot-product non-local operation, (1/M) sum_j scale (q_i k_j) v_j (Wang et al. 2018). Computed as q (k' v) / M, so that
 * time and memory grow with N + M; no N x M matrix exists.
 *
 * @param queries [B, N, d]
 * @param keys [B, M, d]
 * @param values [B, M, e]
 * @returns [B, N, e]
 */
export function dotProductAttention(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { scale = 1 }: { scale?: number } = {},
): tf.Tensor3D {
  checkAttentionInputs(queries, keys, values);
  return tf.tidy(() => {
    const context = tf.mul(tf.matMul(keys, values, true), scale / keys.shape[1]); // [B, d, e]
    return tf.matMul(queries, context); // [B, N, e]
  });
}
