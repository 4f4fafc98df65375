import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { release } from './release.js';

/**
 * Maximum over axes, kept with length 1, whose gradient is split evenly among tied maxima (`torch.amax`; `tf.max` gives
 * each of them the whole gradient).
 */
export function maximum<T extends tf.Tensor>(x: T, axes: number[]): T {
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const y = tf.max<T>(x, axes, true);
      save([x, y]);
      return y;
    },
    backward: (dy: T, [savedX, savedY]) => ({
      x: () => {
        const isMaximum = tf.cast(tf.equal(savedX, savedY), 'float32');
        const gradient = tf.mul(isMaximum, tf.div(dy, tf.sum(isMaximum, axes, true)));
        release(dy, [savedX, savedY]);
        return gradient;
      },
    }),
  });
}
