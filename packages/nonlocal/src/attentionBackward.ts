import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@nonlocal-med/tensor';
import { accumulate } from './accumulate.js';
import { blockWeights } from './blockWeights.js';
import { imageRows } from './imageRows.js';
import { queryBlocks } from './queryBlocks.js';
import { undividedBackward } from './undividedBackward.js';

/** What the backward pass reads. */
export interface BackwardInputs {
  readonly queries: tf.Tensor3D;
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
  readonly output: tf.Tensor3D;
  readonly dOutput: tf.Tensor3D;
}

/**
 * Gradients of blocked attention in queries, keys and values. Per block of queries, with P computed again:
 * dV += P' dO; dS = P * (dO V' - D), D = rowsum(dO * O); dQ = scale dS K; dK += scale dS' Q (spec section 6.2).
 * One block takes all images where they fit.
 */
export function attentionBackward(inputs: BackwardInputs, { scale, blockRows }: { scale: number; blockRows: number }): tf.Tensor3D[] {
  const { queries, keys, values } = inputs;
  if (queries.shape[0] * queries.shape[1] <= blockRows) return undividedBackward(inputs, scale);
  return tf.tidy(() => {
    const scaled = { ...inputs, queries: scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale) };
    const images = Array.from({ length: queries.shape[0] }, (_, image) => imageBackward(scaled, image, blockRows));
    const [dQueries, dKeys, dValues] = [queries, keys, values].map(({ shape }, input) =>
      tf.reshape<tf.Rank.R3>(tf.concat2d(images.map((gradients) => gradients[input]), 0), shape),
    );
    return [scale === 1 ? dQueries : tf.mul<tf.Tensor3D>(dQueries, scale), dKeys, dValues];
  });
}

function imageBackward({ queries, keys, values, output, dOutput }: BackwardInputs, image: number, blockRows: number): tf.Tensor2D[] {
  return tf.tidy(() => {
    const k = imageRows(keys, image); // [M, d]
    const v = imageRows(values, image); // [M, e]
    const keysAcross = tf.transpose(k); // [d, M]
    const valuesAndOneAcross = tf.transpose(tf.concat2d([v, tf.ones([v.shape[0], 1])], 1)); // [e + 1, M]
    let dKeys: tf.Tensor2D | undefined;
    let dValues: tf.Tensor2D | undefined;
    const dQueries: tf.Tensor2D[] = [];
    for (const { start, size } of queryBlocks(queries.shape[1], blockRows)) {
      const [dQ, dK, dV] = tf.tidy(() => {
        const q = imageRows(queries, image, { start, size }); // [size, d]
        const dO = imageRows(dOutput, image, { start, size }); // [size, e]
        const o = imageRows(output, image, { start, size });
        const minusD = tf.neg(tf.sum(tf.mul(dO, o), 1, true)); // [size, 1]
        const weights = blockWeights(q, keysAcross); // [size, M]
        const dV = matMul(weights, dO, { transposeA: true }); // [M, e]
        const dWeightsMinusD = matMul(tf.concat2d([dO, minusD as tf.Tensor2D], 1), valuesAndOneAcross); // [size, M]
        const dScores = tf.mul<tf.Tensor2D>(weights, dWeightsMinusD);
        tf.dispose([weights, dWeightsMinusD]);
        return [matMul(dScores, k), matMul(dScores, q, { transposeA: true }), dV];
      });
      dQueries.push(dQ);
      dKeys = accumulate(dKeys, dK);
      dValues = accumulate(dValues, dV);
    }
    return [tf.concat2d(dQueries, 0), dKeys as tf.Tensor2D, dValues as tf.Tensor2D];
  });
}
