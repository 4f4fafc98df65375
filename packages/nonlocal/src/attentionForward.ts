import { matMul } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionInputs, AttentionSettings } from './attentionInputs.js';
import { blockWeights } from './blockWeights.js';
import { rowBlocks } from './rowBlocks.js';

/** Forward pass of attention in blocks of queries: [B, N, d], [B, M, d], [B, M, e] -> [B, N, e]. */
export function attentionForward(
  { queries, keys, values }: AttentionInputs,
  { scale, blockRows }: AttentionSettings,
): tf.Tensor3D {
  const [batch, rows] = queries.shape;
  return tf.tidy(() => {
    const keysAcross = tf.unstack(tf.transpose(keys, [0, 2, 1])) as tf.Tensor2D[]; // [d, M]: once here instead of in every product
    const imageValues = tf.unstack(values) as tf.Tensor2D[]; // [M, e]
    const blocks = rowBlocks(
      scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale),
      blockRows,
    );
    const outputs = blocks.flatMap((ofImage, image) =>
      ofImage.map((q) =>
        tf.tidy(() => matMul(blockWeights(q, keysAcross[image]), imageValues[image])),
      ),
    ); // [size, e]
    return tf.reshape(tf.concat2d(outputs, 0), [batch, rows, values.shape[2]]);
  });
}
