import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, it } from 'vitest';
import {
  addRelu,
  batchNormTrain,
  conv2d,
  kernelChoices,
  maxPool,
  relu,
  setFastPaths,
  setKernelChoices,
} from '../index.js';

afterEach(() => {
  setKernelChoices({});
  setFastPaths(true);
});

/** A residual block whose input is used twice, as in a network. */
function block(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const ones = tf.ones<tf.Rank.R1>([4]);
  const inner = batchNormTrain(conv2d(x, kernel, { padding: 1 }), {
    scale: ones,
    offset: tf.zerosLike(ones),
    activation: 'relu',
  });
  return maxPool(addRelu(conv2d(inner, kernel, { padding: 1 }), relu(x)), { size: 2 });
}

function inputs(): [tf.Tensor4D, tf.Tensor4D] {
  return [
    tf.randomNormal([2, 6, 6, 4], 0, 1, 'float32', 1),
    tf.randomNormal([3, 3, 4, 4], 0, 1, 'float32', 2),
  ];
}

eachBackend((backend) => {
  it('leaks no tensors of a chain, with and without an upstream gradient from the caller', () => {
    const [x, kernel] = inputs();
    const before = tf.memory().numTensors;
    tf.dispose(
      tf.grads((a: tf.Tensor, b: tf.Tensor) => block(a as tf.Tensor4D, b as tf.Tensor4D))([
        x,
        kernel,
      ]),
    );
    const dy = tf.ones([2, 3, 3, 4]);
    tf.dispose(
      tf.grads((a: tf.Tensor, b: tf.Tensor) => block(a as tf.Tensor4D, b as tf.Tensor4D))(
        [x, kernel],
        dy,
      ),
    );
    expect(dy.isDisposed).toBe(false);
    dy.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect([x.isDisposed, kernel.isDisposed]).toEqual([false, false]);
    tf.dispose([x, kernel]);
  });

  it('adds the gradients of an input that is used twice', () => {
    const x = tf.tensor2d([[1, -2, 3]]);
    const [gradient] = tf.grads((a: tf.Tensor) => addRelu(relu(a), relu(a)))([x]);
    expect(Array.from(gradient.dataSync())).toEqual([2, 0, 2]);
    tf.dispose([x, gradient]);
  });

  it('keeps saved tensors for a gradient of a gradient (portable only)', () => {
    setFastPaths(false);
    const x = tf.tensor1d([1, -2, 3]);
    const inner = tf.grad((a: tf.Tensor) => tf.mul(0.5, tf.square(relu(a))));
    const second = tf.tidy(() =>
      tf
        .grad((a: tf.Tensor) => inner(a))(x)
        .dataSync(),
    );
    expect(Array.from(second)).toEqual([1, 0, 1]);
    x.dispose();
  });

  it.runIf(backend === 'native')('computes no gradient for an input that needs none', () => {
    const [x, kernel] = inputs();
    tf.dispose(tf.grad((k: tf.Tensor) => conv2d(x, k as tf.Tensor4D))(kernel));
    expect(
      Object.keys(kernelChoices()).filter((key) => key.startsWith('Conv2DBackpropInput')),
    ).toEqual([]);
    tf.dispose(tf.grad((image: tf.Tensor) => conv2d(image as tf.Tensor4D, kernel))(x));
    expect(Object.keys(kernelChoices()).map((key) => key.split(' ')[0])).toEqual([
      'Conv2D',
      'Conv2DBackpropFilter',
      'Conv2DBackpropInput',
    ]);
    tf.dispose([x, kernel]);
  });
});
