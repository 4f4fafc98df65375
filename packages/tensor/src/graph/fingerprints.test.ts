import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { fastKernels } from '../native/fastPaths.js';
import { fingerprints } from './fingerprints.js';

eachBackend((backend) => {
  // One below and one above the size from which checksums are used.
  it.runIf(backend === 'native').each([1000, 70_000])(
    'differ for tensors of %i elements in a single bit or another order',
    (size) => {
      const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
      const of = (change: (copy: Float32Array) => void): Int32Array => {
        const copy = values.slice();
        change(copy);
        const tensor = tf.tensor1d(copy);
        const [fingerprint] = fingerprints(fastKernels()!, [tensor]);
        tensor.dispose();
        return fingerprint;
      };
      const before = tf.memory().numTensors;
      const bump = (copy: Float32Array, index: number, by: number): void =>
        void (new Int32Array(copy.buffer)[index] += by);
      const same = of(() => undefined);
      expect(of(() => undefined)).toEqual(same);
      const changes: ((copy: Float32Array) => void)[] = [
        (copy) => bump(copy, 17, 1),
        (copy) => bump(copy, size - 1, -(2 ** 31)), // the sign
        (copy) => (bump(copy, 3, 1), bump(copy, 4, -1)),
        (copy) => (bump(copy, 3, 1), bump(copy, 4, -2), bump(copy, 5, 1)), // keeps the sum and the weighted sum
        (copy) => copy.set([copy[1], copy[0]]),
        (copy) => void copy.reverse(),
      ];
      for (const change of changes) expect(of(change)).not.toEqual(same);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.runIf(backend === 'native')('are the bits themselves for small tensors', () => {
    const tensors = [
      tf.tensor1d([1, -0, NaN]),
      tf.tensor1d([7, -7], 'int32'),
      tf.tensor1d([true, false], 'bool'),
    ];
    expect(fingerprints(fastKernels()!, tensors).map((fingerprint) => [...fingerprint])).toEqual([
      [0x3f800000, -(2 ** 31), 0x7fc00000],
      [7, -7],
      [1, 0],
    ]);
    tf.dispose(tensors);
  });
});
