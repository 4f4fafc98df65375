import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { chooseKernel } from '../native/kernelChoices.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';

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

/** Matrix product without a gradient of its own: by TensorFlow's kernels, oneDNN's or the plain one, or by tfjs. */
export function matrixProduct<T extends tf.Tensor2D | tf.Tensor3D>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: MatMulOptions = {},
): T {
  const kernels = fastKernels();
  return kernels === null
    ? portableProduct(a, b, [transposeA, transposeB])
    : (nativeProduct(kernels, [a, b], [transposeA, transposeB]) as T);
}

/** Transposes matrices itself: the wasm backend has a fast product only for those that are not. */
function portableProduct<T extends tf.Tensor2D | tf.Tensor3D>(
  a: T,
  b: T,
  [first, second]: readonly [boolean, boolean],
): T {
  if (a.rank === 3) return tf.matMul(a, b, first, second);
  return tf.tidy(() => tf.matMul<T>(first ? tf.transpose(a) : a, second ? tf.transpose(b) : b));
}

function nativeProduct(
  kernels: NativeKernels,
  factors: readonly [tf.Tensor, tf.Tensor],
  [first, second]: readonly [boolean, boolean],
): tf.Tensor {
  const batched = factors[0].rank === 3;
  const name = batched ? 'BatchMatMulV2' : 'MatMul';
  const attributes = {
    T: { type: 'float32' },
    ...(batched ? { adj_x: first, adj_y: second } : { transpose_a: first, transpose_b: second }),
  } as const;
  const fast = oneDnn(kernels, name, attributes);
  const candidates: Record<string, () => tf.Tensor> = {};
  if (fast !== undefined)
    candidates.oneDnn = () => kernels.run(fast.name, fast.attributes, factors, 1)[0];
  candidates.plain = () => kernels.run(name, attributes, factors, 1)[0];
  const shapes = factors.map(
    ({ shape }, i) => `${shape.join('x')}${[first, second][i] ? 'T' : ''}`,
  );
  return chooseKernel(`${name} ${shapes.join(' ')}`, candidates);
}
