import * as tf from '@tensorflow/tfjs-core';

/**
 * Splits images into stride x stride smaller ones, the phases, by row and column modulo the stride (space to depth, but
 * kept apart). The pixels that a strided window reads at one offset are then a plain slice of one phase, which every
 * backend copies fast.
 * @param images [B, H, W, C]; filled up with zeros if the stride does not divide the size
 * @returns [row][column] of [B, ceil(H / stride), ceil(W / stride), C]
 */
export function splitStridePhases(images: tf.Tensor4D, stride: number): tf.Tensor4D[][] {
  if (stride === 1) return [[images]];
  const [batch, height, width, channels] = images.shape;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const full = tf.pad4d(images, [
    [0, 0],
    [0, rows * stride - height],
    [0, columns * stride - width],
    [0, 0],
  ]);
  const byRow = tf.reshape<tf.Rank.R3>(full, [batch * rows, stride, columns * stride * channels]);
  return Array.from({ length: stride }, (_, row) => {
    const lines = tf.slice3d(byRow, [0, row, 0], [batch * rows, 1, columns * stride * channels]);
    const byColumn = tf.reshape<tf.Rank.R3>(lines, [batch * rows * columns, stride, channels]);
    return Array.from({ length: stride }, (_unused, column) =>
      tf.reshape<tf.Rank.R4>(
        tf.slice3d(byColumn, [0, column, 0], [batch * rows * columns, 1, channels]),
        [batch, rows, columns, channels],
      ),
    );
  });
}

/** The inverse of {@link splitStridePhases}: [row][column] of [B, U, V, C] -> [B, U stride, V stride, C]. */
export function joinStridePhases(phases: readonly (readonly tf.Tensor4D[])[]): tf.Tensor4D {
  const stride = phases.length;
  if (stride === 1) return phases[0][0];
  const [batch, rows, columns, channels] = phases[0][0].shape;
  const lines = phases.map((images) => {
    const joined = tf.concat(
      images.map((image) => tf.reshape(image, [batch * rows * columns, 1, channels])),
      1,
    );
    return tf.reshape(joined, [batch * rows, 1, columns * stride * channels]);
  });
  return tf.reshape(tf.concat(lines, 1), [batch, rows * stride, columns * stride, channels]);
}
