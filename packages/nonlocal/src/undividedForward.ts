import { matMul, softmaxRows } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionInputs } from './attentionInputs.js';

/** Forward pass of attention whose matrices of all images together are small. @returns output [B, N, e] and weights [B, N, M] */
export function undividedForward(
  { queries, keys, values }: AttentionInputs,
  scale: number,
): [tf.Tensor3D, tf.Tensor3D] {
  return tf.tidy(() => {
    const scaled = scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale);
    const scores = matMul(scaled, keys, { transposeB: true }); // [B, N, M]
    const weights = softmaxRows(scores);
    scores.dispose();
    return [matMul(weights, values), weights];
  });
}
