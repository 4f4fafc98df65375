import * as tf from '@tensorflow/tfjs-core';
import { matMul, softmaxRows } from '@nonlocal-med/tensor';
import type { BackwardInputs } from './attentionBackward.js';

/** {@link attentionBackward} of all images and queries at once, with the weights P computed again. */
export function undividedBackward({ queries, keys, values, output, dOutput }: BackwardInputs, scale: number): tf.Tensor3D[] {
  return tf.tidy(() => {
    const scaled = scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale);
    const scores = matMul(scaled, keys, { transposeB: true }); // [B, N, M]
    const weights = softmaxRows(scores);
    scores.dispose();
    const dValues = matMul(weights, dOutput, { transposeA: true });
    const dWeights = matMul(dOutput, values, { transposeB: true }); // [B, N, M]
    const centred = tf.sub(dWeights, tf.sum(tf.mul(dOutput, output), 2, true));
    dWeights.dispose();
    const dScores = tf.mul<tf.Tensor3D>(weights, centred);
    tf.dispose([weights, centred]);
    const dQueries = matMul(dScores, keys);
    return [scale === 1 ? dQueries : tf.mul<tf.Tensor3D>(dQueries, scale), matMul(dScores, scaled, { transposeA: true }), dValues];
  });
}
