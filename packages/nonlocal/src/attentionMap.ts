import * as tf from '@tensorflow/tfjs-core';

/**
 * The attention weights of a single query, its row of softmax(scale Q K^T), for visualization.
 *
 * @param queries [B, N, d]
 * @param keys [B, M, d]
 * @param options position: index of the query, 0 to N - 1; scale: as in `attention`
 * @returns [B, M]; each row sums to 1
 * @throws RangeError when there is no query at this position.
 */
export function attentionMap(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  { position, scale = 1 }: { position: number; scale?: number },
): tf.Tensor2D {
  const [batch, rows, channels] = queries.shape;
  if (!Number.isInteger(position) || position < 0 || position >= rows)
    throw new RangeError(
      `attentionMap: position is ${position}; it must be an integer from 0 to ${rows - 1}.`,
    );
  return tf.tidy(() => {
    const query = tf.mul<tf.Tensor3D>(
      tf.slice(queries, [0, position, 0], [batch, 1, channels]),
      scale,
    ); // [B, 1, d]
    return tf.reshape(tf.softmax(tf.matMul(query, keys, false, true)), [batch, -1]); // [B, M]
  });
}
