import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  adaptiveMaxPool,
  addRelu,
  batchNormTrain,
  conv2d,
  depthwiseConv2d,
  matMul,
  maxPool,
  resizeBilinear,
  softmaxCrossEntropy,
} from '../index.js';

beforeAll(() => useEngine({ backend: 'wasm' }));

const images = (...shape: [number, number, number, number]): tf.Tensor4D => tf.zeros(shape);

it.each<[string, () => tf.Tensor, RegExp]>([
  [
    'a kernel with other channels',
    () => conv2d(images(1, 5, 5, 3), images(3, 3, 2, 4)),
    /\[3, 3, 2, 4\] does not fit .*\[1, 5, 5, 3\]/,
  ],
  [
    'a window larger than the image',
    () => conv2d(images(1, 2, 2, 1), images(5, 5, 1, 1), { padding: 1 }),
    /5 x 5 with padding 1 does not fit .* 2 x 2/,
  ],
  [
    'a stride of 0',
    () => conv2d(images(1, 5, 5, 1), images(3, 3, 1, 1), { stride: 0 }),
    /stride .* not 0/,
  ],
  [
    'a padding that is not an integer',
    () => conv2d(images(1, 5, 5, 1), images(3, 3, 1, 1), { padding: 0.5 }),
    /padding .* not 0.5/,
  ],
  [
    'a depth multiplier',
    () => depthwiseConv2d(images(1, 5, 5, 3), images(3, 3, 3, 2)),
    /\[3, 3, 3, 2\]/,
  ],
  [
    'too much padding for a pool',
    () => maxPool(images(1, 5, 5, 3), { size: 3, padding: 2 }),
    /at most half the size 3, not 2/,
  ],
  ['an empty output', () => adaptiveMaxPool(images(1, 5, 5, 3), [0, 2]), /not 0/],
  [
    'plain bins for a larger output',
    () => adaptiveMaxPool(images(1, 5, 5, 3), [6, 5], { bins: 'plain' }),
    /bring 5 positions to 6; at most 5/,
  ],
  [
    'an output size that is not an integer',
    () => resizeBilinear(images(1, 5, 5, 3), [2, 2.5]),
    /not 2.5/,
  ],
  [
    'different shapes of a sum',
    () => addRelu(tf.zeros([2, 3]), tf.zeros([3])),
    /\[2, 3\] and \[3\] differ/,
  ],
  [
    'only one value per channel',
    () => batchNormTrain(images(1, 1, 1, 3), { scale: tf.ones([3]), offset: tf.zeros([3]) }),
    /more than one value per channel/,
  ],
  [
    'a batch to broadcast',
    () => matMul(tf.zeros<tf.Rank.R3>([3, 2, 2]), tf.zeros<tf.Rank.R3>([1, 2, 2])),
    /\[3, 2, 2\] and \[1, 2, 2\]/,
  ],
  [
    'missing labels',
    () => softmaxCrossEntropy(tf.zeros([3, 4]), tf.tensor1d([0, 1], 'int32')),
    /3 rows .* not 2/,
  ],
  [
    'missing class weights',
    () => softmaxCrossEntropy(tf.zeros([1, 4]), tf.tensor1d([0], 'int32'), { classWeights: [1] }),
    /4 classes .* not 1/,
  ],
])('refuses %s with the value in the message', (_title, run, message) => {
  expect(() => tf.tidy(run)).toThrow(message);
});
