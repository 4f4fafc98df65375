import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { eachBackend } from './eachBackend.js';

eachBackend((backend) => {
  it('sets the backend of the tfjs that tests import', () => {
    expect(tf.getBackend()).toBe(backend === 'native' ? 'tensorflow' : 'wasm');
  });

  it('computes and differentiates, and leaves no tensor behind', () => {
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
