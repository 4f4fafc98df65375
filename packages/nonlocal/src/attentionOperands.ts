import { isAutocast, matMul, toBfloat16, toFloat32 } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';

/**
 * How the factors of attention's products lie in memory. In float32 they are used as they are. In bfloat16 (`autocast`)
 * products whose rows are not a multiple of 32 numbers take twice the time, so keys and values are padded, and sums over
 * queries are computed transposed.
 */
const ALIGNMENT = 32;

/** Added to the scores of padding, so that its weights are 0. */
export const MASKED = -1e9;

/** How many positions to append to so many keys: none in float32. */
export function keyPadding(keys: number): number {
  return isAutocast() ? (ALIGNMENT - (keys % ALIGNMENT)) % ALIGNMENT : 0;
}

/**
 * Transposes each image and appends columns of zeros. With a mask and any padding, also a row that is the mask in the
 * padding and 0 elsewhere.
 * @param x [B, M, d]
 * @returns [B, d, M + padding], or [B, d + 1, M + padding]
 */
export function paddedColumns(
  x: tf.Tensor3D,
  { padding, mask }: { readonly padding: number; readonly mask?: number },
): tf.Tensor3D {
  const [batch, positions] = x.shape;
  const columns = tf.transpose(x, [0, 2, 1]);
  if (padding === 0) return columns;
  const padded = tf.pad3d(columns, [
    [0, 0],
    [0, 0],
    [0, padding],
  ]);
  if (mask === undefined) return padded;
  const row = tf.concat3d([tf.zeros([batch, 1, positions]), tf.fill([batch, 1, padding], mask)], 2);
  return tf.concat3d([padded, row], 1);
}

/** Appends rows of zeros. [B, M, d] -> [B, M + padding, d] */
export function paddedRows(x: tf.Tensor3D, padding: number): tf.Tensor3D {
  return padding === 0
    ? x
    : tf.pad3d(x, [
        [0, 0],
        [0, padding],
        [0, 0],
      ]);
}

/** The rows before the padding. [n + padding, c] -> [n, c] */
export function withoutPadding(x: tf.Tensor2D, rows: number): tf.Tensor2D {
  return x.shape[0] === rows ? x : tf.slice2d(x, [0, 0], [rows, x.shape[1]]);
}

/** Appends the column of ones that multiplies the row of the mask, if there is padding. [B, N, d] -> [B, N, d + 1] */
export function withMaskColumn(queries: tf.Tensor3D, padding: number): tf.Tensor3D {
  const [batch, rows] = queries.shape;
  return padding === 0 ? queries : tf.concat3d([queries, tf.ones([batch, rows, 1])], 2);
}

/** The matrix of each image, in the type that products are computed in. [B, n, m] -> B times [n, m] */
export function imagesOf(x: tf.Tensor3D): tf.Tensor2D[] {
  return tf.unstack(toBfloat16(x)) as tf.Tensor2D[];
}

/** {@link rowBlocks} in the type that products are computed in. */
export function blocksOf(x: tf.Tensor3D, blockRows: number): tf.Tensor2D[][] {
  return rowBlocks(toBfloat16(x), blockRows);
}

/** Numbers as a sum of two that bfloat16 can represent, where products are computed in bfloat16; else the numbers. */
export function inParts(x: tf.Tensor3D): tf.Tensor3D[] {
  if (!isAutocast()) return [x];
  const rounded = toFloat32(toBfloat16(x));
  return [rounded, tf.sub(x, rounded)];
}

/**
 * Sum over the queries of a block: weights^T x.
 * @param weights [size, M]
 * @param x [size, c]
 * @returns [M, c], in bfloat16 transposed, [c, M]; see {@link inRows}
 */
export function sumOverQueries(weights: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  return isAutocast() ? matMul(tf.transpose(x), weights) : matMul(weights, x, { transposeA: true });
}

/** The sum of what {@link sumOverQueries} gave: [M, c]. */
export function inRows(sum: tf.Tensor2D): tf.Tensor2D {
  return isAutocast() ? tf.transpose(sum) : sum;
}

/**
 * Cuts the rows of each image into blocks, all in one call.
 * @param tensor [B, N, C]
 * @returns for each image its blocks of at most `blockRows` rows, [rows, C] each
 */
export function rowBlocks(tensor: tf.Tensor3D, blockRows: number): tf.Tensor2D[][] {
  const [batch, rows, channels] = tensor.shape;
  const count = Math.ceil(rows / blockRows);
  const sizes = Array.from({ length: count }, (_, block) =>
    Math.min(blockRows, rows - block * blockRows),
  );
  const blocks = tf.split<tf.Tensor2D>(
    tf.reshape(tensor, [batch * rows, channels]),
    Array.from({ length: batch }, () => sizes).flat(),
  );
  return Array.from({ length: batch }, (_, image) =>
    blocks.slice(image * count, (image + 1) * count),
  );
}
