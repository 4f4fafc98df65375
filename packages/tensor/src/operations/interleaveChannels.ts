import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/**
 * Interleaves the channels of two images: out[2 j] = a[j], out[2 j + 1] = b[j]. This is ShuffleNet's concatenation and
 * channel shuffle with two groups in one step, and ten times faster on native TensorFlow (spec 2.3).
 * @param a [B, H, W, C]
 * @param b [B, H, W, C]
 * @returns [B, H, W, 2 C]
 * @throws RangeError if the shapes differ
 */
export function interleaveChannels(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D {
  if (!tf.util.arraysEqual(a.shape, b.shape))
    throw new RangeError(`shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] differ`);
  const [batch, height, width, channels] = a.shape;
  return differentiable({
    inputs: { a, b },
    forward: () => tf.reshape(stackLast(a, b), [batch, height, width, 2 * channels]),
    backward: (dy: tf.Tensor4D) => {
      const pairs = tf.reshape(dy, [batch, height, width, channels, 2]);
      const [first, second] = tf.unstack(pairs, 4);
      pairs.dispose();
      disposeAfterBackward(dy, []);
      return { a: () => first, b: () => second };
    },
  });
}

/** [...] and [...] -> [..., 2]. TensorFlow combines two parts to complex numbers far faster than it stacks or transposes. */
function stackLast(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor {
  const kernels = fastKernels();
  if (kernels === null) return tf.stack([a, b], 4);
  const complex = kernels.run(
    { name: 'Complex', attributes: { T: { type: 'float32' }, Tout: { type: 'complex64' } } },
    [a, b],
  );
  return kernels.run(
    { name: 'Bitcast', attributes: { T: { type: 'complex64' }, type: { type: 'float32' } } },
    [complex],
  );
}
