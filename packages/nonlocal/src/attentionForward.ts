import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@nonlocal-med/tensor';
import { blockWeights } from './blockWeights.js';
import { imageRows } from './imageRows.js';
import { queryBlocks } from './queryBlocks.js';
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
    const scaled = scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale);
    const blocks: tf.Tensor2D[] = [];
    for (let image = 0; image < batch; image++) {
      const keysAcross = tf.transpose(imageRows(keys, image)); // [d, M]: once here instead of in every product
      const v = imageRows(values, image); // [M, e]
      for (const { start, size } of queryBlocks(rows, blockRows)) {
        blocks.push(
          tf.tidy(() => {
            const q = imageRows(scaled, image, { start, size }); // [size, d]
            return matMul(blockWeights(q, keysAcross), v); // [size, e]
          }),
        );
      }
    }
    return tf.reshape(tf.concat2d(blocks, 0), [batch, rows, values.shape[2]]);
  });
}
