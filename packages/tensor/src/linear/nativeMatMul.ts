import type * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import { chooseKernel } from '../native/kernelChoices.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import { release } from '../release.js';
import type { MatMulOptions } from './matMul.js';

/** Matrix product by TensorFlow's kernels, oneDNN's or the plain one. */
export function nativeMatMul<T extends tf.Tensor2D | tf.Tensor3D>(kernels: NativeKernels, a: T, b: T, { transposeA, transposeB }: Required<MatMulOptions>): T {
  const product = (left: tf.Tensor, right: tf.Tensor, transposeLeft: boolean, transposeRight: boolean): T =>
    multiply(kernels, [left, right], [transposeLeft, transposeRight]) as T;
  return differentiable({
    inputs: { a, b },
    forward: (save) => {
      save([a, b]);
      return product(a, b, transposeA, transposeB);
    },
    backward: (dy: T, [savedA, savedB]) => ({
      a: () => (transposeA ? product(savedB, dy, transposeB, true) : product(dy, savedB, false, !transposeB)),
      b: () => {
        const gradient = transposeB ? product(dy, savedA, true, transposeA) : product(savedA, dy, !transposeA, false);
        release(dy, [savedA, savedB]);
        return gradient;
      },
    }),
  });
}

function multiply(kernels: NativeKernels, factors: readonly [tf.Tensor, tf.Tensor], [first, second]: readonly [boolean, boolean]): tf.Tensor {
  const batched = factors[0].rank === 3;
  const name = batched ? 'BatchMatMulV2' : 'MatMul';
  const attributes = { T: { type: 'float32' }, ...(batched ? { adj_x: first, adj_y: second } : { transpose_a: first, transpose_b: second }) } as const;
  const fast = oneDnn(kernels, name, attributes);
  const candidates: Record<string, () => tf.Tensor> = {};
  if (fast !== undefined) candidates.oneDnn = () => kernels.run(fast.name, fast.attributes, factors, 1)[0];
  candidates.plain = () => kernels.run(name, attributes, factors, 1)[0];
  const shapes = factors.map(({ shape }, i) => `${shape.join('x')}${[first, second][i] ? 'T' : ''}`);
  return chooseKernel(`${name} ${shapes.join(' ')}`, candidates);
}
