import * as tf from '@tensorflow/tfjs-core';
import type { GoldenModels } from './goldenModels.js';
import { noise } from './noise.js';

/** The golden batch, [B, H, W, 3]; its noise has PyTorch's layout. */
export function goldenInput({
  batch,
  height,
  width,
  salt,
}: Pick<GoldenModels, 'batch' | 'height' | 'width' | 'salt'>): tf.Tensor4D {
  const values = new Float32Array(
    noise(`${salt}input`, batch * 3 * height * width).map((n) => 2 * (2 * n - 1)),
  );
  return tf.tidy(() => tf.transpose(tf.tensor4d(values, [batch, 3, height, width]), [0, 2, 3, 1]));
}
