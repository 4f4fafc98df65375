import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import { release } from '../release.js';

/** Mean over the channels. [B, H, W, C] -> [B, H, W, 1] */
export function channelMean(x: tf.Tensor4D): tf.Tensor4D {
  const channels = x.shape[3];
  return differentiable({
    inputs: { x },
    forward: () => tf.mean<tf.Tensor4D>(x, 3, true),
    backward: (dy: tf.Tensor4D) => ({
      x: () => {
        const shares = tf.matMul(tf.reshape(dy, [-1, 1]), tf.fill([1, channels], 1 / channels)); // [B H W, C]
        release(dy, []);
        return tf.reshape(shares, x.shape);
      },
    }),
  });
}
