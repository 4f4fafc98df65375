import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernels } from '../native/nativeKernels.js';

/** Whether tensors are the same, bit for bit: -0 is not 0, and a NaN is itself. */
export function equalBits(kernels: NativeKernels, a: readonly tf.Tensor[], b: readonly tf.Tensor[]): boolean {
  return a.length === b.length && a.every((tensor, i) => equal(kernels, tensor, b[i]));
}

function equal(kernels: NativeKernels, a: tf.Tensor, b: tf.Tensor): boolean {
  if (a.dtype !== b.dtype || !tf.util.arraysEqual(a.shape, b.shape)) return false;
  const result = tf.tidy(() => tf.all(tf.equal(...([a, b].map((tensor) => wholeNumbers(kernels, tensor)) as [tf.Tensor, tf.Tensor]))));
  const [same] = result.dataSync();
  result.dispose();
  return same !== 0;
}

function wholeNumbers(kernels: NativeKernels, tensor: tf.Tensor): tf.Tensor {
  return tensor.dtype === 'float32' ? kernels.run('Bitcast', { T: { type: 'float32' }, type: { type: 'int32' } }, [tensor], 1)[0] : tensor;
}
