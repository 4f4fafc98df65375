import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { attentionMap } from './attentionMap.js';
import { crissCrossAttention } from './crissCrossAttention.js';
import { concatenationAttention, dotProductAttention } from './pairwiseAttention.js';
import { expectClose } from './testing/expectClose.js';
import { numericGradient } from './testing/numericGradient.js';

type Pairwise = (q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D) => tf.Tensor;

function random(shape: [number, number, number], seed: number): tf.Tensor3D {
  return tf.randomNormal(shape, 0, 0.7, 'float32', seed);
}

function expectSame(actual: Pairwise, expected: Pairwise, inner: number): void {
  tf.tidy(() => {
    const qkv = [
      random([2, 23, inner], 1),
      random([2, 11, inner], 2),
      random([2, 11, 5], 3),
    ] as const;
    const dy = random([2, 23, 5], 4);
    expectClose(actual(...qkv), expected(...qkv), 2e-6);
    const gradients = [actual, expected].map((f) =>
      tf.grads(f as (...x: tf.Tensor[]) => tf.Tensor)([...qkv], dy),
    );
    gradients[0].forEach((gradient, input) => expectClose(gradient, gradients[1][input], 1e-5));
  });
}

eachBackend(() => {
  it('computes the dot product as the N x M form divided by the number of keys', () => {
    expectSame(
      (q, k, v) => dotProductAttention(q, k, v, { scale: 0.5 }),
      (q, k, v) => tf.matMul(tf.mul(tf.matMul(q, k, false, true), 0.5 / 11), v),
      4,
    );
  });

  it.each([3, 8, 64])(
    'computes the concatenation as ReLU(a + b) divided by the number of keys, in blocks of %i',
    (blockRows) => {
      expectSame(
        (q, k, v) => concatenationAttention(q, k, v, { blockRows }),
        (q, k, v) =>
          tf.mul(tf.matMul(tf.relu(tf.add<tf.Tensor3D>(q, tf.transpose(k, [0, 2, 1]))), v), 1 / 11),
        1,
      );
    },
  );

  it('refuses a concatenation of more than one value per position', () => {
    const x = tf.ones<tf.Rank.R3>([1, 2, 2]);
    expect(() => concatenationAttention(x, x, x)).toThrow('one value per position');
    x.dispose();
  });

  it.each([
    [1, 5, 4],
    [2, 3, 1],
    [2, 1, 4],
    [1, 1, 1],
  ])(
    "computes criss-cross attention on %i maps of %i x %i as dense attention over the pixel's row and column",
    (batch, height, width) => {
      tf.tidy(() => {
        const [q, k, v] = [3, 3, 4].map((channels, i) =>
          tf.randomNormal<tf.Rank.R4>([batch, height, width, channels], 0, 0.7, 'float32', i + 1),
        );
        const positions = height * width;
        const inSight = tf.tensor2d(
          Float32Array.from({ length: positions ** 2 }, (_, i) => {
            const [from, to] = [Math.floor(i / positions), i % positions];
            return from % width === to % width ||
              Math.floor(from / width) === Math.floor(to / width)
              ? 0
              : -1e9;
          }),
          [positions, positions],
        );
        const dense = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor): tf.Tensor => {
          const [x, y, z] = [a, b, c].map((map) =>
            tf.reshape<tf.Rank.R3>(map, [batch, positions, -1]),
          );
          return tf.reshape(
            tf.matMul(tf.softmax(tf.add(tf.matMul(x, y, false, true), inSight)), z),
            v.shape,
          );
        };
        const sparse = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor): tf.Tensor =>
          crissCrossAttention(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor4D);
        const dy = tf.randomNormal(v.shape, 0, 1, 'float32', 9);
        expectClose(sparse(q, k, v), dense(q, k, v), 2e-6);
        const expected = tf.grads(dense)([q, k, v], dy);
        tf.grads(sparse)([q, k, v], dy).forEach((gradient, input) =>
          expectClose(gradient, expected[input], 1e-5),
        );
      });
    },
  );

  it('refuses criss-cross attention of maps of different sizes', () => {
    const [a, b] = [tf.ones<tf.Rank.R4>([1, 2, 3, 1]), tf.ones<tf.Rank.R4>([1, 3, 2, 1])];
    expect(() => crissCrossAttention(a, b, a)).toThrow('[1, 2, 3, 1], [1, 3, 2, 1], [1, 2, 3, 1]');
    tf.dispose([a, b]);
  });

  it('computes the attention map as one row of the softmax', () => {
    tf.tidy(() => {
      const [q, k] = [random([2, 6, 3], 1), random([2, 9, 3], 2)];
      const all = tf.softmax(tf.mul(tf.matMul(q, k, false, true), 0.5));
      expectClose(
        attentionMap(q, k, { position: 4, scale: 0.5 }),
        tf.slice(all, [0, 4, 0], [2, 1, 9]),
        1e-6,
      );
      expect(() => attentionMap(q, k, { position: 6 })).toThrow(
        'position is 6; it must be an integer from 0 to 5',
      );
    });
  });

  it('agrees with finite differences for the concatenation', () => {
    tf.tidy(() => {
      const [a, b, v] = [random([1, 7, 1], 1), random([1, 5, 1], 2), random([1, 5, 3], 3)];
      const dy = random([1, 7, 3], 4);
      const f = (x: tf.Tensor): tf.Tensor =>
        concatenationAttention(x as tf.Tensor3D, b, v, { blockRows: 3 });
      expectClose(
        tf.grad(f)(a, dy),
        numericGradient(f, a, { dy, elements: [0, 1, 2, 3, 4, 5, 6], step: 1e-3 }),
        5e-3,
      );
    });
  });

  it('leaves no tensors behind', () => {
    const qkv = [random([1, 9, 1], 1), random([1, 9, 1], 2), random([1, 9, 2], 3)] as const;
    const maps = qkv.map((x) => tf.reshape(x, [1, 3, 3, -1])) as tf.Tensor4D[];
    const before = tf.memory().numTensors;
    tf.dispose([
      dotProductAttention(...qkv),
      concatenationAttention(...qkv, { blockRows: 2 }),
      attentionMap(qkv[0], qkv[1], { position: 0 }),
    ]);
    tf.dispose(crissCrossAttention(maps[0], maps[1], maps[2]));
    tf.dispose(
      tf.grads((q, k, v) =>
        concatenationAttention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, {
          blockRows: 2,
        }),
      )([...qkv]),
    );
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([...qkv, ...maps]);
  });
});
