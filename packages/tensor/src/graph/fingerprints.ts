import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernels } from '../native/nativeKernels.js';
import type { NodeBackend, NodeBinding } from '../native/nodeBackend.js';

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
              { name: 'Bitcast', attributes: { T: { type: 'float32' }, type: { type: 'int32' } } },
              [tensor],
            )
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

/**
 * Runs a computation and notes, as a hash each, the numbers that JavaScript hands to TensorFlow on its way: constants of a
 * graph, and other ones at every call where they are random.
 */
export function hashConstants<Results>(
  backend: NodeBackend,
  compute: () => Results,
): { results: Results; constants: number[] } {
  const { binding } = backend;
  const constants: number[] = [];
  backend.binding = Object.create(binding, {
    createTensor: {
      value(shape: number[], dtype: number, values: ArrayLike<number>) {
        constants.push(hash(values));
        return binding.createTensor(shape, dtype, values);
      },
    },
  }) as NodeBinding;
  try {
    return { results: compute(), constants };
  } finally {
    backend.binding = binding;
  }
}

/** FNV-1a over the words of the numbers in float64, which holds every float32 and int32 as it is. */
function hash(values: ArrayLike<number>): number {
  const words = new Uint32Array(Float64Array.from(values).buffer);
  let result = 0x811c9dc5;
  for (const word of words) result = Math.imul(result ^ word, 0x01000193);
  return result;
}
