import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';

/** Values of the reference vectors, sin(a i + b) s over the flat row-major index in PyTorch layout. */
export interface Fill {
  readonly shape: number[];
  readonly a: number;
  readonly b: number;
  readonly s: number;
}

export interface GoldenCase {
  readonly x: Fill;
  readonly params: Readonly<Record<string, Fill>>;
  readonly dy: Fill;
  readonly y: number[];
  readonly dx: number[];
  readonly param_grad_sums: Readonly<Record<string, number>>;
}

/** A case of test/golden/modules.json. */
export function goldenCase(name: string): GoldenCase {
  const file = readFileSync(new URL('../../test/golden/modules.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { cases: Record<string, GoldenCase> }).cases[name];
}

export function fill({ shape, a, b, s }: Fill): tf.Tensor {
  return tf.tensor(
    Float32Array.from(
      { length: shape.reduce((product, size) => product * size, 1) },
      (_, i) => Math.sin(a * i + b) * s,
    ),
    shape,
  );
}

/** Input and output maps: NCHW to NHWC. */
export function toNhwc(map: tf.Tensor): tf.Tensor4D {
  return tf.transpose(map as tf.Tensor4D, [0, 2, 3, 1]);
}

/** A parameter in this library's layout: OIHW to HWIO, vectors as they are. */
export function parameter(fillOf: Fill): tf.Tensor {
  return fillOf.shape.length === 4 ? tf.transpose(fill(fillOf), [2, 3, 1, 0]) : fill(fillOf);
}

/** Values of an NHWC map in NCHW order. */
export function nchwValues(map: tf.Tensor): number[] {
  return [...tf.tidy(() => tf.transpose(map as tf.Tensor4D, [0, 3, 1, 2]).dataSync())];
}
