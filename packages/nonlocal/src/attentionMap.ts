import * as tf from '@tensorflow/tfjs-core';

/**
 * Where one position looks: its row of softmax attention weights, for pictures.
 *
 * @param queries [B, N, d]
 * @param keys [B, M, d]
 * @param options position: which of the N queries; scale: as in `attention`
 * @returns [B, M]; each row sums to 1
 */
export function attentionMap(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  { position, scale = 1 }: { position: number; scale?: number },
): tf.Tensor2D {
  const [batch, rows, channels] = queries.shape;
  if (!Number.isInteger(position) || position < 0 || position >= rows) {
    throw new RangeError(
      `attentionMap: position is ${position}; whole numbers from 0 to ${rows - 1} exist.`,
    );
  }
  return tf.tidy(() => {
    const query = tf.mul<tf.Tensor3D>(
      tf.slice(queries, [0, position, 0], [batch, 1, channels]),
      scale,
    ); // [B, 1, d]
    return tf.reshape(tf.softmax(tf.matMul(query, keys, false, true)), [batch, -1]); // [B, M]
  });
}
