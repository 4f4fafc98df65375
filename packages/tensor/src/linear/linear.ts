import * as tf from '@tensorflow/tfjs-core';
import { matMul } from './matMul.js';

/**
 * x times kernel plus bias, as `torch.nn.functional.linear` with the kernel transposed.
 * @param x [..., in]
 * @param kernel [in, out]
 * @param bias [out]
 * @returns [..., out]
 */
export function linear<T extends tf.Tensor>(x: T, kernel: tf.Tensor2D, bias?: tf.Tensor1D): T {
  return tf.tidy(() => {
    const rows = x.rank === 2 ? (x as unknown as tf.Tensor2D) : tf.reshape(x, [-1, x.shape[x.rank - 1]]);
    const product = matMul(rows as tf.Tensor2D, kernel);
    const sum = bias === undefined ? product : tf.add(product, bias);
    return (x.rank === 2 ? sum : tf.reshape(sum, [...x.shape.slice(0, -1), kernel.shape[1]])) as T;
  });
}
