import { matMul } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { BackwardInputs } from './attentionInputs.js';

/** {@link attentionBackward} of all images and queries at once. @param weights [B, N, M] of the forward pass */
export function undividedBackward(
  { queries, keys, values, output, dOutput }: BackwardInputs,
  weights: tf.Tensor3D,
  scale: number,
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const dValues = matMul(weights, dOutput, { transposeA: true });
    const dWeights = matMul(dOutput, values, { transposeB: true }); // [B, N, M]
    const centred = tf.sub(dWeights, tf.sum(tf.mul(dOutput, output), 2, true));
    dWeights.dispose();
    const dScores = tf.mul<tf.Tensor3D>(weights, centred);
    centred.dispose();
    const gradients = [matMul(dScores, keys), matMul(dScores, queries, { transposeA: true })];
    return [
      ...(scale === 1
        ? gradients
        : gradients.map((gradient) => tf.mul<tf.Tensor3D>(gradient, scale))),
      dValues,
    ];
  });
}
