import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { chooseProductKernel } from '../native/kernelChoices.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/** Which factors of a matrix product are transposed (their last two axes). */
export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Product of two matrices, or of two batches of matrices of equal length (`torch.matmul`).
 * @param a [n, k] or [B, n, k] ([k, n] if `transposeA`)
 * @param b [k, m] or [B, k, m] ([m, k] if `transposeB`)
 * @returns [n, m] or [B, n, m]
 * @throws RangeError if the ranks or batch sizes differ (tfjs-core has no gradient for a broadcast batch)
 */
export function matMul<T extends tf.Tensor2D | tf.Tensor3D>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: MatMulOptions = {},
): T {
  const batchesMatch =
    a.rank === b.rank && (a.rank === 2 || (a.rank === 3 && a.shape[0] === b.shape[0]));
  if (!batchesMatch)
    throw new RangeError(
      `matrices of shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] cannot be multiplied`,
    );
  return differentiable({
    inputs: { a, b },
    forward: (save) => {
      save([a, b]);
      return matrixProduct(a, b, { transposeA, transposeB });
    },
    backward: (dy: T, saved) => {
      const [savedA, savedB] = saved as [T, T];
      return {
        a: () =>
          transposeA
            ? matrixProduct(savedB, dy, { transposeA: transposeB, transposeB: true })
            : matrixProduct(dy, savedB, { transposeB: !transposeB }),
        b: () => {
          const gradient = transposeB
            ? matrixProduct(dy, savedA, { transposeA: true, transposeB: transposeA })
            : matrixProduct(savedA, dy, { transposeA: !transposeA });
          disposeAfterBackward(dy, saved);
          return gradient;
        },
      };
    },
  });
}

/** {@link matMul} without a gradient or checks, for use inside other operations. */
export function matrixProduct<T extends tf.Tensor2D | tf.Tensor3D>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: MatMulOptions = {},
): T {
  const kernels = fastKernels();
  const options = { transposeA, transposeB };
  return kernels === null
    ? portableProduct(a, b, options)
    : (nativeProduct(kernels, [a, b], options) as T);
}

/** Transposes matrices explicitly, because the wasm backend only multiplies untransposed ones fast. */
function portableProduct<T extends tf.Tensor2D | tf.Tensor3D>(
  a: T,
  b: T,
  { transposeA, transposeB }: Required<MatMulOptions>,
): T {
  if (a.rank === 3) return tf.matMul(a, b, transposeA, transposeB);
  return tf.tidy(() =>
    tf.matMul<T>(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b),
  );
}

/** By oneDNN's kernel or the plain one. */
function nativeProduct(
  kernels: NativeKernels,
  factors: readonly [tf.Tensor, tf.Tensor],
  { transposeA, transposeB }: Required<MatMulOptions>,
): tf.Tensor {
  const plain = {
    name: factors[0].rank === 3 ? 'BatchMatMulV2' : 'MatMul',
    attributes: {
      T: { type: 'float32' },
      ...(factors[0].rank === 3
        ? { adj_x: transposeA, adj_y: transposeB }
        : { transpose_a: transposeA, transpose_b: transposeB }),
    },
  } as const;
  const fast = oneDnn(kernels, plain);
  const candidates: Record<string, () => tf.Tensor> = {};
  if (fast !== undefined) candidates.oneDnn = () => kernels.run(fast, factors);
  candidates.plain = () => kernels.run(plain, factors);
  const [first, second] = factors.map(({ shape }) => shape.join('x'));
  return chooseProductKernel(
    `${plain.name} ${first}${transposeA ? 'T' : ''} ${second}${transposeB ? 'T' : ''}`,
    candidates,
  );
}
