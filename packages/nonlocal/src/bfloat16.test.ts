import { eachBackend } from '@nonlocal-med/engine/testing';
import { autocast, bfloat16Support } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { attention } from './attention.js';
import { crissCrossAttention } from './crissCrossAttention.js';

/** Root mean square of the difference, relative to that of what was expected. */
function relativeError(actual: tf.Tensor, expected: tf.Tensor): number {
  return tf.tidy(() => tf.div(tf.norm(tf.sub(actual, expected)), tf.norm(expected))).dataSync()[0];
}

const noise = (shape: number[], seed: number): tf.Tensor =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);

eachBackend((backend) => {
  describe.runIf(backend === 'native' && bfloat16Support().isSupported)('in bfloat16', () => {
    /**
     * PyTorch 2.15's plain attention under autocast is off by 1.7e-2 to 2.4e-2 for standard normal inputs (scores up to 25), and
     * by 7e-3 for milder scores.
     */
    it.each([
      { keys: 289, scale: 1, bound: 2.5e-2 },
      { keys: 289, scale: 0.2, bound: 9e-3 },
      { keys: 320, scale: 1, bound: 2.5e-2 },
      { keys: 7, scale: 1, bound: 2.5e-2 },
    ])('attention over $keys keys is as exact as PyTorch', ({ keys, scale, bound }) => {
      const inputs = [noise([2, 300, 32], 1), noise([2, keys, 32], 2), noise([2, keys, 64], 3)];
      const run = (...[q, k, v]: tf.Tensor[]): tf.Tensor =>
        attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, { scale, blockRows: 128 });
      const dO = noise([2, 300, 64], 4);
      const all = (): tf.Tensor[] => [run(...inputs), ...tf.grads(run)(inputs, dO)];
      const expected = all();
      const before = tf.memory().numTensors;
      const actual = autocast({ compute: () => tf.tidy(all) });
      expect(tf.memory().numTensors).toBe(before + 4);
      const errors = actual.map((tensor, i) => relativeError(tensor, expected[i]));
      for (const error of errors) {
        expect(error).toBeLessThan(bound);
        expect(error).toBeGreaterThan(1e-4);
      }
      tf.dispose([inputs, dO, expected, actual]);
    });

    it('criss-cross attention is as exact', () => {
      const maps = [noise([1, 9, 7, 8], 1), noise([1, 9, 7, 8], 2), noise([1, 9, 7, 16], 3)];
      const run = (): tf.Tensor[] => [
        crissCrossAttention(...(maps as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D])),
      ];
      const [expected] = run();
      const [actual] = autocast({ compute: run });
      expect(relativeError(actual, expected)).toBeLessThan(2e-2);
      tf.dispose([maps, expected, actual]);
    });
  });
});
