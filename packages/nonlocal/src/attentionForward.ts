import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@nonlocal-med/tensor';
import { blockWeights } from './blockWeights.js';
import { rowBlocks } from './rowBlocks.js';
import { undividedForward } from './undividedForward.js';

/** Forward pass of blocked attention: [B, N, d], [B, M, d], [B, M, e] -> [B, N, e]. One block takes all images where they fit. */
export function attentionForward(
  inputs: { queries: tf.Tensor3D; keys: tf.Tensor3D; values: tf.Tensor3D },
  { scale, blockRows }: { scale: number; blockRows: number },
): tf.Tensor3D {
  const { queries, keys, values } = inputs;
  const [batch, rows] = queries.shape;
  if (batch * rows <= blockRows) return undividedForward(inputs, scale);
  return tf.tidy(() => {
    const keysAcross = tf.unstack(tf.transpose(keys, [0, 2, 1])) as tf.Tensor2D[]; // [d, M]: once here instead of in every product
    const imageValues = tf.unstack(values) as tf.Tensor2D[]; // [M, e]
    const blocks = rowBlocks(scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale), blockRows);
    const outputs = blocks.flatMap((ofImage, image) => ofImage.map((q) => tf.tidy(() => matMul(blockWeights(q, keysAcross[image]), imageValues[image])))); // [size, e]
    return tf.reshape(tf.concat2d(outputs, 0), [batch, rows, values.shape[2]]);
  });
}
