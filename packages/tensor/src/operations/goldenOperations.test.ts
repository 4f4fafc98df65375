import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, it } from 'vitest';
import {
  adaptiveAveragePool,
  adaptiveMaxPool,
  type BinRule,
  channelMax,
  conv2d,
  depthwiseConv2d,
  globalMaxPool,
  maxPool,
  type PoolOptions,
  resizeBilinear,
  setFastPaths,
  type WindowOptions,
} from '../index.js';
import { expectClose } from '../testing/expectClose.js';
import { fill, fromTorch, parameter, toTorch } from '../testing/goldenModule.js';

interface Case {
  readonly operation: keyof typeof OPERATIONS;
  readonly shape: number[];
  readonly tied: boolean;
  /** Options of the operation; `size` is one number for pools and two for resizing operations. */
  readonly options: WindowOptions &
    PoolOptions & { readonly size: number & [number, number]; readonly bins?: BinRule };
  readonly kernel?: number[];
  readonly y: number[];
  readonly dx: number[];
  readonly dk?: number[];
}

/** Each operation on NHWC images, with the options of the golden case. */
const OPERATIONS = {
  conv2d: (x: tf.Tensor4D, options: Case['options'], kernel: tf.Tensor4D) =>
    conv2d(x, kernel, options),
  depthwiseConv2d: (x: tf.Tensor4D, options: Case['options'], kernel: tf.Tensor4D) =>
    depthwiseConv2d(x, kernel, options),
  maxPool: (x: tf.Tensor4D, options: Case['options']) => maxPool(x, options),
  adaptiveMaxPool: (x: tf.Tensor4D, { size, bins }: Case['options']) =>
    adaptiveMaxPool(x, size, { bins }),
  globalMaxPool: (x: tf.Tensor4D) =>
    tf.reshape<tf.Rank.R4>(globalMaxPool(x), [x.shape[0], 1, 1, x.shape[3]]),
  channelMax: (x: tf.Tensor4D) => channelMax(x),
  adaptiveAveragePool: (x: tf.Tensor4D, { size, bins }: Case['options']) =>
    adaptiveAveragePool(x, size, { bins }),
  resizeBilinear: (x: tf.Tensor4D, { size }: Case['options']) => resizeBilinear(x, size),
} as const;

const { cases } = JSON.parse(
  readFileSync(new URL('../../test/golden/operations.json', import.meta.url), 'utf8'),
) as { cases: Case[] };
/** Float32 against PyTorch's float64, relative to the largest value. */
const TOLERANCE = 1e-5;

afterEach(() => setFastPaths(true));

eachBackend((backend) => {
  const paths = backend === 'native' ? [true, false] : [false];
  describe.each(paths)('with fast paths %s', (on) => {
    it.each(
      cases.map(
        (golden) =>
          [
            `${golden.operation} ${golden.shape.join('x')} ${JSON.stringify(golden.options)}${golden.tied ? ' tied' : ''}`,
            golden,
          ] as const,
      ),
    )('%s equals PyTorch', (_title, { operation, shape, tied, options, kernel, y, dx, dk }) => {
      setFastPaths(on);
      tf.tidy(() => {
        const noise = fill({ shape, a: 0.37, b: 0.2, s: 1 });
        const x = fromTorch(tied ? halves(noise) : noise);
        const weights =
          kernel === undefined ? [] : [parameter({ shape: kernel, a: 0.11, b: 0.3, s: 0.5 })];
        const run = (...inputs: tf.Tensor[]): tf.Tensor4D =>
          OPERATIONS[operation](inputs[0] as tf.Tensor4D, options, inputs[1] as tf.Tensor4D);
        const result = run(x, ...weights);
        expectClose(toTorch(result), y, TOLERANCE);
        const [batch, height, width, channels] = result.shape;
        const dy = fromTorch(
          fill({ shape: [batch, channels, height, width], a: 0.23, b: 0.4, s: 1 }),
        );
        const [inputGradient, kernelGradient] = tf.grads(run)([x, ...weights], dy);
        expectClose(toTorch(inputGradient as tf.Tensor4D), dx, TOLERANCE);
        if (dk !== undefined)
          expectClose(kernelToTorch(kernelGradient as tf.Tensor4D, operation), dk, TOLERANCE);
      });
    });
  });
});

/** Rounded to halves, as torch.round does: ties to even. */
function halves(x: tf.Tensor): tf.Tensor {
  return tf.div(tf.round(tf.mul(x, 2)), 2);
}

function kernelToTorch(kernel: tf.Tensor4D, operation: Case['operation']): Float32Array {
  return tf
    .transpose(kernel, operation === 'depthwiseConv2d' ? [2, 3, 0, 1] : [3, 2, 0, 1])
    .dataSync<'float32'>();
}
