import { eachBackend } from '@nonlocal-med/engine/testing';
import { setFastPaths } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { attention } from './attention.js';
import { expectClose } from './testing/expectClose.js';
import { naiveAttention } from './testing/naiveAttention.js';
import { numericGradient } from './testing/numericGradient.js';
import { peakBytes } from './testing/peakBytes.js';

interface Sizes {
  readonly batch: number;
  readonly rows: number;
  readonly keys: number;
  readonly inner: number;
  readonly values: number;
}

function inputs({
  batch,
  rows,
  keys,
  inner,
  values,
}: Sizes): [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D] {
  return [
    tf.randomNormal([batch, rows, inner], 0, 0.7, 'float32', 1),
    tf.randomNormal([batch, keys, inner], 0, 0.7, 'float32', 2),
    tf.randomNormal([batch, keys, values], 0, 1, 'float32', 3),
  ];
}

eachBackend(() => {
  it.each([
    { batch: 1, rows: 1, keys: 1, inner: 1, values: 1, blockRows: 4, scale: 1 },
    { batch: 2, rows: 20, keys: 20, inner: 3, values: 6, blockRows: 7, scale: 1 },
    { batch: 1, rows: 130, keys: 130, inner: 32, values: 64, blockRows: 64, scale: 1 },
    { batch: 3, rows: 65, keys: 17, inner: 8, values: 5, blockRows: 16, scale: 0.3 },
    { batch: 1, rows: 40, keys: 90, inner: 4, values: 4, blockRows: 1, scale: 2 },
    { batch: 2, rows: 50, keys: 50, inner: 16, values: 33, blockRows: undefined, scale: 0.25 },
  ])('equals the naive form and its gradients for %o', ({ blockRows, scale, ...sizes }) => {
    tf.tidy(() => {
      const qkv = inputs(sizes);
      const dy = tf.randomNormal([sizes.batch, sizes.rows, sizes.values], 0, 1, 'float32', 4);
      const blocked = (q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor =>
        attention(q, k, v, { scale, blockRows });
      const naive = (q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor =>
        naiveAttention([q, k, v], scale);
      expectClose(blocked(...qkv), naive(...qkv), 2e-6);
      const expected = tf.grads(naive as (...x: tf.Tensor[]) => tf.Tensor)(qkv, dy);
      tf.grads(blocked as (...x: tf.Tensor[]) => tf.Tensor)(qkv, dy).forEach((gradient, input) =>
        expectClose(gradient, expected[input], 1e-5),
      );
    });
  });

  it('agrees with finite differences', () => {
    tf.tidy(() => {
      const qkv = inputs({ batch: 2, rows: 9, keys: 7, inner: 3, values: 4 });
      const dy = tf.randomNormal([2, 9, 4], 0, 1, 'float32', 5);
      const f = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor =>
        attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, {
          blockRows: 4,
          scale: 0.8,
        });
      const gradients = tf.grads(f)(qkv, dy);
      qkv.forEach((x, input) => {
        const elements = [0, 5, x.size - 1];
        const moved = (other: tf.Tensor): tf.Tensor =>
          f(
            ...(qkv.map((tensor, i) => (i === input ? other : tensor)) as [
              tf.Tensor,
              tf.Tensor,
              tf.Tensor,
            ]),
          );
        const numeric = numericGradient(moved, x, { dy, elements });
        const analytic = gradients[input].dataSync();
        elements.forEach((element, i) =>
          expect(Math.abs(analytic[element] - numeric[i])).toBeLessThan(2e-3),
        );
      });
    });
  });

  it('gives the same result with fast paths on and off', () => {
    tf.tidy(() => {
      const qkv = inputs({ batch: 2, rows: 70, keys: 70, inner: 8, values: 16 });
      const f = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor =>
        attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, { blockRows: 32 });
      const fast = [f(...qkv), ...tf.grads(f)(qkv)];
      setFastPaths(false);
      try {
        [f(...qkv), ...tf.grads(f)(qkv)].forEach((portable, i) =>
          expectClose(fast[i], portable, 1e-5),
        );
      } finally {
        setFastPaths(true);
      }
    });
  });

  it('does not depend on the block size', () => {
    tf.tidy(() => {
      const qkv = inputs({ batch: 1, rows: 300, keys: 300, inner: 8, values: 8 });
      const whole = attention(...qkv, { blockRows: 300 });
      for (const blockRows of [1, 37, 128])
        expectClose(attention(...qkv, { blockRows }), whole, 1e-6);
    });
  });

  it('stays finite and correct for large scores', () => {
    tf.tidy(() => {
      const [q, k, v] = inputs({ batch: 1, rows: 10, keys: 10, inner: 4, values: 3 });
      const [large, naive] = [
        attention(q, k, v, { scale: 1e4, blockRows: 3 }),
        naiveAttention([q, k, v], 1e4),
      ];
      expect(large.dataSync().every(Number.isFinite)).toBe(true);
      expectClose(large, naive, 1e-5);
    });
  });

  it.each([2, 4])(
    'propagates NaN as a softmax does, from a query to its row and from a key to every row (blocks of %i)',
    (blockRows) => {
      tf.tidy(() => {
        const v = tf.ones<tf.Rank.R3>([1, 4, 2]);
        const clean = tf.ones<tf.Rank.R3>([1, 4, 1]);
        const invalid = tf.tensor3d([1, NaN, 1, 1], [1, 4, 1]);
        const finite = (result: tf.Tensor): boolean[] =>
          [...result.dataSync()].map(Number.isFinite);
        expect(finite(attention(invalid, clean, v, { blockRows }))).toEqual([
          true,
          true,
          false,
          false,
          true,
          true,
          true,
          true,
        ]);
        expect(finite(attention(clean, invalid, v, { blockRows }))).toEqual(Array(8).fill(false));
        expect(
          finite(attention(clean, tf.tensor3d([1, Infinity, 1, 1], [1, 4, 1]), v, { blockRows })),
        ).toEqual(Array(8).fill(false));
      });
    },
  );

  it.each([8, 66])('leaves no tensors behind, forward and backward (blocks of %i)', (blockRows) => {
    const qkv = inputs({ batch: 2, rows: 33, keys: 33, inner: 4, values: 6 });
    const gradients = tf.grads((q, k, v) =>
      attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, { blockRows, scale: 0.5 }),
    );
    tf.dispose(gradients(qkv));
    const before = tf.memory().numTensors;
    tf.dispose(attention(...qkv, { blockRows }));
    tf.dispose(gradients(qkv));
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(qkv);
  });

  it('uses memory that grows with the number of positions, not with its square', () => {
    const [small, large] = [512, 1024].map((rows) => {
      const qkv = inputs({ batch: 1, rows, keys: rows, inner: 4, values: 4 });
      const gradients = tf.grads((q, k, v) =>
        attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, { blockRows: 16 }),
      );
      const peak = peakBytes(() => tf.dispose(gradients(qkv)));
      tf.dispose(qkv);
      return peak;
    });
    expect(large).toBeLessThan(2.1 * small);
    expect(large).toBeLessThan((1024 * 1024 * 4) / 4);
  });

  it.each([
    ['ranks', [2, 3], [1, 2, 3], [1, 2, 3]],
    ['batches', [1, 2, 3], [2, 2, 3], [2, 2, 3]],
    ['channels', [1, 2, 3], [1, 2, 4], [1, 2, 3]],
    ['positions', [1, 2, 3], [1, 2, 3], [1, 3, 3]],
    ['nothing', [1, 0, 3], [1, 0, 3], [1, 0, 3]],
  ])('refuses shapes that do not fit: %s', (_, ...shapes) => {
    const [q, k, v] = (shapes as number[][]).map((shape) =>
      tf.zeros<tf.Rank.R3>(shape as [number, number, number]),
    );
    expect(() => attention(q, k, v)).toThrow(RangeError);
    expect(() => attention(q, k, v)).toThrow(`[${(shapes as number[][])[0].join(', ')}]`);
    tf.dispose([q, k, v]);
  });

  it('refuses a block without rows', () => {
    const qkv = inputs({ batch: 1, rows: 2, keys: 2, inner: 1, values: 1 });
    expect(() => attention(...qkv, { blockRows: 0 })).toThrow('blockRows is 0');
    tf.dispose(qkv);
  });
});
