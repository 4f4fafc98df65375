import type * as tf from '@tensorflow/tfjs-core';
import { maximum } from '../maximum.js';

/** Maximum over the channels, ties sharing the gradient as in `torch.amax`. [B, H, W, C] -> [B, H, W, 1] */
export function channelMax(x: tf.Tensor4D): tf.Tensor4D {
  return maximum(x, [3]);
}
