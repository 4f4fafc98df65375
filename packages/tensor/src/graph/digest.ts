import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernels } from '../native/nativeKernels.js';

/** A number of each float32 tensor's bits: their sum as whole numbers, modulo 2^32. Differs where a single bit does. */
export function digest(kernels: NativeKernels, tensors: readonly tf.Tensor[]): number[] {
  return tensors.map((tensor) => {
    const sum = tf.tidy(() => {
      const [bits] = tensor.dtype === 'float32' ? kernels.run('Bitcast', { T: { type: 'float32' }, type: { type: 'int32' } }, [tensor], 1) : [tensor];
      return tf.sum(tf.cast(bits, 'int32'));
    });
    const [value] = sum.dataSync();
    sum.dispose();
    return value;
  });
}
