import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { eachBackend } from './eachBackend.js';

eachBackend((backend) => {
  it('activates the backend in the tfjs that tests import', () => {
    expect(tf.getBackend()).toBe(backend === 'native' ? 'tensorflow' : 'wasm');
  });

  it('computes gradients without leaking tensors', () => {
    const before = tf.memory().numTensors;
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([1, -2, 3]))
        .dataSync(),
    );
    expect([...gradient]).toEqual([2, -4, 6]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
