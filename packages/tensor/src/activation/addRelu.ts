import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import { release } from '../release.js';
import { reluGradient } from './reluGradient.js';

/**
 * max(a + b, 0): the end of a residual block.
 * @throws RangeError where the shapes differ.
 */
export function addRelu<T extends tf.Tensor>(a: T, b: T): T {
  if (!tf.util.arraysEqual(a.shape, b.shape))
    throw new RangeError(`shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] differ`);
  return differentiable({
    inputs: { a, b },
    forward: (save) => {
      const y = tf.relu(tf.add<T>(a, b));
      save([y]);
      return y;
    },
    backward: (dy: T, [y]) => {
      const gradient = reluGradient(dy, y);
      release(dy, [y]);
      return { a: () => gradient, b: () => gradient.clone() };
    },
  });
}
