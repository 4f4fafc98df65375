import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/**
 * Deals the channels of two images out in turn: out[2 j] = a[j], out[2 j + 1] = b[j]. It is ShuffleNet's concatenation and
 * channel shuffle of two groups in one step, and on native TensorFlow ten times faster.
 * @param a [B, H, W, C]
 * @param b [B, H, W, C]
 * @returns [B, H, W, 2 C]
 * @throws RangeError where the shapes differ.
 */
export function interleaveChannels(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D {
  if (!tf.util.arraysEqual(a.shape, b.shape))
    throw new RangeError(`shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] differ`);
  const [batch, height, width, channels] = a.shape;
  return differentiable({
    inputs: { a, b },
    forward: () => tf.reshape(pairs(a, b), [batch, height, width, 2 * channels]),
    backward: (dy: tf.Tensor4D) => {
      const dealt = tf.reshape(dy, [batch, height, width, channels, 2]);
      const [first, second] = tf.unstack(dealt, 4);
      dealt.dispose();
      disposeAfterBackward(dy, []);
      return { a: () => first, b: () => second };
    },
  });
}

/** [...] and [...] -> [..., 2]. TensorFlow makes complex numbers of two parts far faster than it stacks or transposes. */
function pairs(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor {
  const kernels = fastKernels();
  if (kernels === null) return tf.stack([a, b], 4);
  const [numbers] = kernels.run(
    'Complex',
    { T: { type: 'float32' }, Tout: { type: 'complex64' } },
    [a, b],
    1,
  );
  return kernels.run(
    'Bitcast',
    { T: { type: 'complex64' }, type: { type: 'float32' } },
    [numbers],
    1,
  )[0];
}
