import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { oneDnn } from '../native/oneDnn.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/**
 * Softmax over the last axis (`torch.nn.functional.softmax(x, -1)`).
 * @param x [..., n]
 * @returns [..., n]
 */
export function softmax<T extends tf.Tensor>(x: T): T {
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const y = softmaxKernel(x);
      save([y]);
      return y;
    },
    backward: (dy: T, [y]) => ({
      x: () => {
        const weighted = tf.mul(dy, y);
        const gradient = tf.sub(weighted, tf.mul(y, tf.sum(weighted, -1, true)));
        disposeAfterBackward(dy, [y]);
        return gradient;
      },
    }),
  });
}

function softmaxKernel<T extends tf.Tensor>(x: T): T {
  const kernels = fastKernels();
  const fast =
    kernels && oneDnn(kernels, { name: 'Softmax', attributes: { T: { type: 'float32' } } });
  return kernels && fast ? (kernels.run(fast, [x]) as T) : tf.softmax(x);
}
