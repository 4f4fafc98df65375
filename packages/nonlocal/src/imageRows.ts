import * as tf from '@tensorflow/tfjs-core';

/** Rows of one image of a [B, N, C] tensor as [size, C]; contiguous, so a backend may share the buffer. */
export function imageRows(
  tensor: tf.Tensor3D,
  image: number,
  { start = 0, size = tensor.shape[1] - start }: { start?: number; size?: number } = {},
): tf.Tensor2D {
  const [batch, rows, channels] = tensor.shape;
  return tf.tidy(() =>
    tf.slice2d(
      tf.reshape(tensor, [batch * rows, channels]),
      [image * rows + start, 0],
      [size, channels],
    ),
  );
}
