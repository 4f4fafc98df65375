import * as tf from '@tensorflow/tfjs-core';
import { inFloat32 } from '../precision/autocast.js';
import { differentiable } from './differentiable.js';

/** A matrix [rows, columns] in row-major order. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/**
 * Y = R X C^T for every image and channel: a separable linear map of positions, with the right gradient on every backend.
 * @param x [B, H, W, C]
 * @param vertical R, [Ho, H]
 * @param horizontal C, [Wo, W]
 * @returns [B, Ho, Wo, C]
 */
export function applyAlongAxes(x: tf.Tensor4D, vertical: Matrix, horizontal: Matrix): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  return tf.tidy(() => {
    const rows = multiply(vertical, tf.reshape(x, [batch, height, width * channels])); // [B, Ho, W C]
    const both = multiply(horizontal, tf.reshape(rows, [batch * vertical.rows, width, channels])); // [B Ho, Wo, C]
    return tf.reshape(both, [batch, vertical.rows, horizontal.rows, channels]);
  });
}

/**
 * The matrix times each matrix of a batch, in float32 even where products are computed in bfloat16, which cannot represent
 * weights such as 1/3. The matrix is tiled, because a broadcast product has no gradient in tfjs-core.
 */
function multiply({ rows, columns, values }: Matrix, x: tf.Tensor3D): tf.Tensor3D {
  const product = (factor: tf.Tensor3D, transposed: boolean): tf.Tensor3D =>
    inFloat32(() =>
      tf.tidy(() => {
        const matrices = tf.tile(tf.tensor3d(values, [1, rows, columns]), [x.shape[0], 1, 1]);
        return tf.matMul(matrices, factor, transposed, false);
      }),
    );
  return differentiable({
    inputs: { x },
    forward: () => product(x, false),
    backward: (dy: tf.Tensor3D) => ({ x: () => product(dy, true) }),
  });
}
