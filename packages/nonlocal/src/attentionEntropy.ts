import * as tf from '@tensorflow/tfjs-core';
import { type AttentionOptions, defaultBlockRows } from './attention.js';

/**
 * The entropy of the attention weights of each query, in nats: -sum_j P_ij ln P_ij. It is 0 where a query attends to one key
 * alone, and ln M where it attends to all keys alike. The weights are computed for some queries at a time, so that memory
 * grows with N + M.
 *
 * @param queries [B, N, d]
 * @param keys [B, M, d]
 * @param options as of `attention`
 * @returns [B, N]
 */
export function attentionEntropy(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  { scale = 1, blockRows = defaultBlockRows(keys.shape[1]) }: AttentionOptions = {},
): tf.Tensor2D {
  const [batch, positions] = queries.shape;
  const rows = Math.max(1, Math.floor(blockRows / batch));
  return tf.tidy(() => {
    const blocks: tf.Tensor2D[] = [];
    for (let start = 0; start < positions; start += rows) {
      const count = Math.min(rows, positions - start);
      blocks.push(
        tf.tidy(() => {
          const block = tf.slice3d(queries, [0, start, 0], [batch, count, -1]);
          const scores = tf.mul(tf.matMul(block, keys, false, true), scale); // [B, rows, M]
          const logWeights = tf.logSoftmax(scores, 2);
          return tf.neg(tf.sum<tf.Tensor2D>(tf.mul(tf.exp(logWeights), logWeights), 2));
        }),
      );
    }
    return tf.concat2d(blocks, 1);
  });
}
