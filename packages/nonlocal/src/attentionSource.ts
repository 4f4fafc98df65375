import * as tf from '@tensorflow/tfjs-core';

/** An attention operation with fixed queries and keys: values [B, M, e] to outputs [B, N, e]. */
type Attend = (values: tf.Tensor3D) => tf.Tensor3D;

/**
 * Gradient times value: how much each key position contributes to a score through its value,
 *
 *     c_j = sum_e (dS/dV)_je (V_je - mean_j V_je),   dS/dV = P^T dS/dY.
 *
 * To first order, c_j is what the score would lose if position j had the mean value of all positions. The rows of P sum
 * to 1, so that a value common to all positions only shifts the output; the mean takes it out of the comparison.
 *
 * dS/dV comes from the backward pass of the operation, in blocks of query rows: P is never computed as a whole, and memory
 * grows with N + M.
 *
 * @param attend the operation, differentiable with respect to its values
 * @param options values: [B, M, e]; gradient: dS/dY, [B, N, e]
 * @returns [B, M]
 */
export function attentionSource(
  attend: Attend,
  { values, gradient }: { values: tf.Tensor3D; gradient: tf.Tensor3D },
): tf.Tensor2D {
  return tf.tidy(() => {
    const valueGradient = tf.grad((v) => attend(v as tf.Tensor3D))(values, gradient); // [B, M, e]
    const relative = tf.sub(values, tf.mean(values, 1, true)); // [B, M, e]
    return tf.sum(tf.mul(valueGradient, relative), 2);
  });
}

/**
 * Attention received: the mean of the attention weights over all queries, r_j = (1/N) sum_i P_ij. It is the gradient
 * with respect to values of one channel, P^T 1 / N, so that memory grows with N + M here too.
 *
 * @param attend softmax attention with fixed queries and keys
 * @param options queries: their number, N; keys: [B, M, d]
 * @returns [B, M]; each row sums to 1
 */
export function attentionReceived(
  attend: Attend,
  { queries, keys }: { queries: number; keys: tf.Tensor3D },
): tf.Tensor2D {
  const [batch, positions] = keys.shape;
  return tf.tidy(() => {
    const values = tf.zeros<tf.Rank.R3>([batch, positions, 1]);
    const everyQuery = tf.fill<tf.Rank.R3>([batch, queries, 1], 1 / queries);
    return tf.reshape(tf.grad((v) => attend(v as tf.Tensor3D))(values, everyQuery), [
      batch,
      positions,
    ]);
  });
}
