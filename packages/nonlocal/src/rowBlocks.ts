import * as tf from '@tensorflow/tfjs-core';
import { queryBlocks } from './queryBlocks.js';

/**
 * Cuts each image's rows into blocks, all in one call: [B, N, C] -> for each image its blocks of at most `blockRows` rows,
 * [rows, C] each.
 */
export function rowBlocks(tensor: tf.Tensor3D, blockRows: number): tf.Tensor2D[][] {
  const [batch, rows, channels] = tensor.shape;
  const sizes = queryBlocks(rows, blockRows).map(({ size }) => size);
  const all = tf.split<tf.Tensor2D>(
    tf.reshape(tensor, [batch * rows, channels]),
    Array.from({ length: batch }, () => sizes).flat(),
  );
  return Array.from({ length: batch }, (_, image) =>
    all.slice(image * sizes.length, (image + 1) * sizes.length),
  );
}
