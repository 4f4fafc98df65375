import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import { release } from '../release.js';
import { reluGradient } from './reluGradient.js';

/** max(x, 0), with PyTorch's gradient: 0 at 0. Saves its result, which the next operation usually saves anyway. */
export function relu<T extends tf.Tensor>(x: T): T {
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const y = tf.relu(x);
      save([y]);
      return y;
    },
    backward: (dy: T, [y]) => ({
      x: () => {
        const gradient = reluGradient(dy, y);
        release(dy, [y]);
        return gradient;
      },
    }),
  });
}
