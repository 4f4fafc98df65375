import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';
import { nativeMatMul } from './nativeMatMul.js';

/** Which factors of a matrix product are transposed (their last two axes). */
export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product of matrices, or of two equally long batches of matrices.
 * @param a [n, k] or [B, n, k] ([k, n] if `transposeA`)
 * @param b [k, m] or [B, k, m] ([m, k] if `transposeB`)
 * @returns [n, m] or [B, n, m]
 * @throws RangeError where the ranks or batches differ (a broadcast batch has no gradient in tfjs-core).
 */
export function matMul<T extends tf.Tensor2D | tf.Tensor3D>(a: T, b: T, { transposeA = false, transposeB = false }: MatMulOptions = {}): T {
  const batches = a.rank === b.rank && (a.rank === 2 || (a.rank === 3 && a.shape[0] === b.shape[0]));
  if (!batches) throw new RangeError(`matrices of shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] do not fit together`);
  const kernels = fastKernels();
  return kernels === null ? tf.matMul(a, b, transposeA, transposeB) : nativeMatMul(kernels, a, b, { transposeA, transposeB });
}
