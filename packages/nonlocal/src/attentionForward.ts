import * as tf from '@tensorflow/tfjs-core';
import { matMul, softmaxRows } from '@nonlocal-med/tensor';
import { imageRows } from './imageRows.js';
import { queryBlocks } from './queryBlocks.js';

/** Forward pass of blocked attention: [B, N, d], [B, M, d], [B, M, e] -> [B, N, e]. */
export function attentionForward(
  { queries, keys, values }: { queries: tf.Tensor3D; keys: tf.Tensor3D; values: tf.Tensor3D },
  { scale, blockRows }: { scale: number; blockRows: number },
): tf.Tensor3D {
  const [batch, rows] = queries.shape;
  return tf.tidy(() => {
    const scaled = scale === 1 ? queries : tf.mul<tf.Tensor3D>(queries, scale);
    const blocks: tf.Tensor2D[] = [];
    for (let image = 0; image < batch; image++) {
      const k = imageRows(keys, image); // [M, d]
      const v = imageRows(values, image); // [M, e]
      for (const { start, size } of queryBlocks(rows, blockRows)) {
        blocks.push(
          tf.tidy(() => {
            const q = imageRows(scaled, image, { start, size }); // [size, d]
            return matMul(softmaxRows(matMul(q, k, { transposeB: true })), v); // [size, e]
          }),
        );
      }
    }
    return tf.reshape(tf.concat2d(blocks, 0), [batch, rows, values.shape[2]]);
  });
}
