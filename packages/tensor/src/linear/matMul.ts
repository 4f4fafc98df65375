import type * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import { release } from '../release.js';
import { multiply } from './multiply.js';

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
export function matMul<T extends tf.Tensor2D | tf.Tensor3D>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: MatMulOptions = {},
): T {
  const batches =
    a.rank === b.rank && (a.rank === 2 || (a.rank === 3 && a.shape[0] === b.shape[0]));
  if (!batches)
    throw new RangeError(
      `matrices of shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] do not fit together`,
    );
  return differentiable({
    inputs: { a, b },
    forward: (save) => {
      save([a, b]);
      return multiply(a, b, { transposeA, transposeB });
    },
    backward: (dy: T, saved) => {
      const [savedA, savedB] = saved as [T, T];
      return {
        a: () =>
          transposeA
            ? multiply(savedB, dy, { transposeA: transposeB, transposeB: true })
            : multiply(dy, savedB, { transposeB: !transposeB }),
        b: () => {
          const gradient = transposeB
            ? multiply(dy, savedA, { transposeA: true, transposeB: transposeA })
            : multiply(savedA, dy, { transposeA: !transposeA });
          release(dy, saved);
          return gradient;
        },
      };
    },
  });
}
