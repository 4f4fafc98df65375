import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';

/** A tensor given by a formula: flat index i -> sin(a i + b) s, plus 1 where `plus1`; in PyTorch's layout. */
interface Filled {
  readonly shape: number[];
  readonly a: number;
  readonly b: number;
  readonly s: number;
  readonly plus1?: boolean;
}

/** One PyTorch module: its parameters, input and upstream gradient, and what PyTorch computed in float64. */
export interface GoldenModule {
  readonly mode: 'eval' | 'train';
  readonly x: Filled;
  readonly params: Readonly<Record<string, Filled>>;
  readonly dy: Filled;
  readonly y: number[];
  readonly dx: number[];
  readonly param_grad_sums: Readonly<Record<string, number>>;
}

/** torch_modules.json: computed with PyTorch in float64 by formulas that the file states. */
export const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/torch_modules.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, unknown>>;

/** The values of a tensor given by a formula, in PyTorch's layout. */
export function fill({ shape, a, b, s, plus1 = false }: Filled): tf.Tensor {
  const size = shape.reduce((x, y) => x * y, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(a * i + b) * s + (plus1 ? 1 : 0)),
    shape,
  );
}

/** NCHW to NHWC. */
export function fromTorch(x: tf.Tensor): tf.Tensor4D {
  return tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]);
}

/** NHWC to NCHW, as values. */
export function toTorch(x: tf.Tensor4D): Float32Array {
  return tf.tidy(() => tf.transpose(x, [0, 3, 1, 2]).dataSync<'float32'>());
}

/** A parameter in tfjs's layout: OIHW to HWIO, depthwise [C, 1, h, w] to [h, w, C, 1], [out, in] to [in, out]. */
export function parameter(filled: Filled): tf.Tensor {
  return tf.tidy(() => {
    const values = fill(filled);
    if (values.rank === 2) return tf.transpose(values);
    if (values.rank !== 4) return values;
    const depthwise = values.shape[1] === 1 && values.shape[0] > 1;
    return tf.transpose(values, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
  });
}
