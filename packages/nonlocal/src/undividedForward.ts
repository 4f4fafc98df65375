import * as tf from '@tensorflow/tfjs-core';
import { matMul, softmaxRows } from '@nonlocal-med/tensor';

/** Forward pass of attention whose matrices of all images together are small: [B, N, d], [B, M, d], [B, M, e] -> [B, N, e]. */
export function undividedForward({ queries, keys, values }: { queries: tf.Tensor3D; keys: tf.Tensor3D; values: tf.Tensor3D }, scale: number): tf.Tensor3D {
  return tf.tidy(() => {
    const scaled = scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale);
    const scores = matMul(scaled, keys, { transposeB: true }); // [B, N, M]
    const weights = softmaxRows(scores);
    scores.dispose();
    return matMul(weights, values);
  });
}
