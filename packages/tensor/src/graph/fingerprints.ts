import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernels } from '../native/nativeKernels.js';
import { type NodeBackend, withBinding } from '../native/nodeBackend.js';

/** Up to this many elements a tensor's fingerprint is its bits. */
const SMALL = 2 ** 16;

/**
 * Values that two tensors of one shape share only if they are equal bit for bit: the bits themselves if there are few,
 * else three checksums that depend on every bit and its position. They take no memory of the tensors' size, so that a
 * step's gradients need not be held twice.
 */
export function fingerprints(kernels: NativeKernels, tensors: readonly tf.Tensor[]): Int32Array[] {
  return tensors.map((tensor) => {
    const fingerprint = tf.tidy(() => {
      const bits = bitsOf(kernels, tensor);
      return tensor.size <= SMALL ? bits : checksums(tf.reshape(bits, [-1]));
    });
    const values = Int32Array.from(fingerprint.dataSync());
    fingerprint.dispose();
    return values;
  });
}

function bitsOf(kernels: NativeKernels, tensor: tf.Tensor): tf.Tensor {
  if (tensor.dtype !== 'float32') return tf.cast(tensor, 'int32');
  const attributes = { T: { type: 'float32' }, type: { type: 'int32' } } as const;
  return tf.cast(kernels.run({ name: 'Bitcast', attributes }, [tensor]), 'int32');
}

/** Sums of the values, of the values times their position, and times its square; integers that wrap at 2^32. */
function checksums(bits: tf.Tensor): tf.Tensor {
  const position = tf.range(1, bits.size + 1, 1, 'int32');
  const weighted = tf.mul(bits, position);
  return tf.stack([tf.sum(bits), tf.sum(weighted), tf.sum(tf.mul(weighted, position))]);
}

/**
 * Runs a computation and hashes the values that JavaScript passes to TensorFlow on the way. They are constants of a graph;
 * if they are random, they differ at every call.
 * @returns the computation's results, and one hash per constant
 */
export function hashConstants<Results>(
  backend: NodeBackend,
  compute: () => Results,
): { results: Results; constants: number[] } {
  const { binding } = backend;
  const constants: number[] = [];
  const results = withBinding(
    backend,
    {
      createTensor: (shape, dtype, values) => {
        constants.push(hash(values));
        return binding.createTensor(shape, dtype, values);
      },
    },
    compute,
  );
  return { results, constants };
}

/** FNV-1a over the values as float64, which represents every float32 and int32 exactly. */
function hash(values: ArrayLike<number>): number {
  const words = new Uint32Array(Float64Array.from(values).buffer);
  let result = 0x811c9dc5;
  for (const word of words) result = Math.imul(result ^ word, 0x01000193);
  return result;
}
