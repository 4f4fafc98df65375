import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernels } from '../native/nativeKernels.js';

/** Up to so many numbers a tensor's bits are kept as they are. */
const SMALL = 2 ** 16;

/**
 * What two tensors of one shape have in common only if they are the same bit for bit: the bits themselves where there are
 * few, else three checksums that depend on every bit and its place. Takes no memory of the tensors' size, so that a step's
 * gradients need not be held twice.
 */
export function fingerprints(kernels: NativeKernels, tensors: readonly tf.Tensor[]): Int32Array[] {
  return tensors.map((tensor) => {
    const print = tf.tidy(() => {
      const bits = tf.cast(
        tensor.dtype === 'float32'
          ? kernels.run(
              'Bitcast',
              { T: { type: 'float32' }, type: { type: 'int32' } },
              [tensor],
              1,
            )[0]
          : tensor,
        'int32',
      );
      return tensor.size <= SMALL ? bits : checksums(tf.reshape(bits, [-1]));
    });
    const values = Int32Array.from(print.dataSync());
    print.dispose();
    return values;
  });
}

/** Sums of the numbers, of the numbers times their place, and times its square; whole numbers that wrap at 2^32. */
function checksums(bits: tf.Tensor): tf.Tensor {
  const place = tf.range(1, bits.size + 1, 1, 'int32');
  const byPlace = tf.mul(bits, place);
  return tf.stack([tf.sum(bits), tf.sum(byPlace), tf.sum(tf.mul(byPlace, place))]);
}
