import { matMul } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { accumulate } from './accumulate.js';
import type { AttentionSettings, BackwardInputs } from './attentionInputs.js';
import { blockWeights } from './blockWeights.js';
import { rowBlocks } from './rowBlocks.js';

/**
 * Gradients of blocked attention in queries, keys and values. Per block of queries, with P computed again:
 * dV += P' dO; dS = P * (dO V' - D), D = rowsum(dO * O); dQ = scale dS K; dK += scale dS' Q (spec section 6.2).
 */
export function attentionBackward(
  { queries, keys, values, output, dOutput }: BackwardInputs,
  { scale, blockRows }: AttentionSettings,
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const scaled = scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale);
    const minusD = tf.neg<tf.Tensor3D>(tf.sum(tf.mul(dOutput, output), 2, true)); // [B, N, 1]
    const valuesAndOne = tf.concat3d([values, tf.ones([values.shape[0], values.shape[1], 1])], 2); // [B, M, e + 1]
    const [k, kAcross, vAndOneAcross] = [
      keys,
      tf.transpose(keys, [0, 2, 1]),
      tf.transpose(valuesAndOne, [0, 2, 1]),
    ].map((tensor) => tf.unstack(tensor) as tf.Tensor2D[]);
    const [q, dO, dOAndMinusD] = [scaled, dOutput, tf.concat3d([dOutput, minusD], 2)].map(
      (tensor) => rowBlocks(tensor, blockRows),
    );
    const images = k.map((ofImage, i) => {
      const blocks = q[i].map((ofBlock, block) => ({
        q: ofBlock,
        dO: dO[i][block],
        dOAndMinusD: dOAndMinusD[i][block],
      }));
      return imageBackward(
        { keys: ofImage, keysAcross: kAcross[i], valuesAndOneAcross: vAndOneAcross[i] },
        blocks,
      );
    });
    const [dQueries, dKeys, dValues] = [queries, keys, values].map(({ shape }, input) =>
      tf.reshape<tf.Rank.R3>(
        tf.concat2d(
          images.map((gradients) => gradients[input]),
          0,
        ),
        shape,
      ),
    );
    return [scale === 1 ? dQueries : tf.mul<tf.Tensor3D>(dQueries, scale), dKeys, dValues];
  });
}

/** What all blocks of an image share: [M, d], [d, M], [e + 1, M]. */
interface Image {
  readonly keys: tf.Tensor2D;
  readonly keysAcross: tf.Tensor2D;
  readonly valuesAndOneAcross: tf.Tensor2D;
}

/** A block of queries: [size, d], [size, e], [size, e + 1]. */
interface Block {
  readonly q: tf.Tensor2D;
  readonly dO: tf.Tensor2D;
  readonly dOAndMinusD: tf.Tensor2D;
}

function imageBackward(
  { keys, keysAcross, valuesAndOneAcross }: Image,
  blocks: readonly Block[],
): tf.Tensor2D[] {
  return tf.tidy(() => {
    let dKeys: tf.Tensor2D | undefined;
    let dValues: tf.Tensor2D | undefined;
    const dQueries: tf.Tensor2D[] = [];
    for (const { q, dO, dOAndMinusD } of blocks) {
      const [dQ, dK, dV] = tf.tidy(() => {
        const weights = blockWeights(q, keysAcross); // [size, M]
        const dV = matMul(weights, dO, { transposeA: true }); // [M, e]
        const dWeightsMinusD = matMul(dOAndMinusD, valuesAndOneAcross); // [size, M]
        const dScores = tf.mul<tf.Tensor2D>(weights, dWeightsMinusD);
        tf.dispose([weights, dWeightsMinusD]);
        return [matMul(dScores, keys), matMul(dScores, q, { transposeA: true }), dV];
      });
      dQueries.push(dQ);
      dKeys = accumulate(dKeys, dK);
      dValues = accumulate(dValues, dV);
    }
    return [tf.concat2d(dQueries, 0), dKeys as tf.Tensor2D, dValues as tf.Tensor2D];
  });
}
