import * as tf from '@tensorflow/tfjs-core';
import { maximum } from '../maximum.js';

/** Maximum over all positions, ties sharing the gradient as in `torch.amax`. [B, H, W, C] -> [B, C] */
export function globalMaxPool(x: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => tf.reshape(maximum(x, [1, 2]), [x.shape[0], x.shape[3]]));
}
