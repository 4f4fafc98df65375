import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';
import { chooseKernel } from '../native/kernelChoices.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import type { MatMulOptions } from './matMul.js';

/** Matrix product without a gradient of its own: by TensorFlow's kernels, oneDNN's or the plain one, or by tfjs. */
export function multiply<T extends tf.Tensor2D | tf.Tensor3D>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: MatMulOptions = {},
): T {
  const kernels = fastKernels();
  return kernels === null
    ? portable(a, b, [transposeA, transposeB])
    : (native(kernels, [a, b], [transposeA, transposeB]) as T);
}

/** Transposes matrices itself: the wasm backend has a fast product only for those that are not. */
function portable<T extends tf.Tensor2D | tf.Tensor3D>(
  a: T,
  b: T,
  [first, second]: readonly [boolean, boolean],
): T {
  if (a.rank === 3) return tf.matMul(a, b, first, second);
  return tf.tidy(() => tf.matMul<T>(first ? tf.transpose(a) : a, second ? tf.transpose(b) : b));
}

function native(
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
