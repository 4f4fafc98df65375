import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { attention } from './attention.js';
import { isAttentionBatched, withBatchedAttention } from './batchedAttention.js';
import { concatenationAttention } from './pairwiseAttention.js';
import { expectClose } from './testing/expectClose.js';

function inputs(channels: number): [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D] {
  return [
    tf.randomNormal([3, 23, channels], 0, 0.7, 'float32', 1),
    tf.randomNormal([3, 11, channels], 0, 0.7, 'float32', 2),
    tf.randomNormal([3, 11, 5], 0, 1, 'float32', 3),
  ];
}

/** How many kernels a computation calls on native TensorFlow and on wasm alike. */
async function kernelsOf(compute: () => tf.Tensor): Promise<number> {
  const { kernels, result } = await tf.profile(compute);
  (result as tf.Tensor).dispose();
  return kernels.length;
}

eachBackend(() => {
  it.each([
    ['in one block', undefined],
    ['in blocks that do not divide the queries', 7],
  ])('gives the same %s', (_, blockRows) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const softmax = (): tf.Tensor => attention(...inputs(4), { blockRows, scale: 0.5 });
      expectClose(withBatchedAttention(softmax), softmax(), 2e-6);
      const concatenation = (): tf.Tensor => concatenationAttention(...inputs(1), { blockRows });
      expectClose(withBatchedAttention(concatenation), concatenation(), 2e-6);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has as many operations for three images as for one', async () => {
    const [q, k, v] = inputs(4);
    const first = ([q, k, v] as tf.Tensor3D[]).map((tensor) =>
      tf.slice3d(tensor, [0, 0, 0], [1, -1, -1]),
    );
    const attend = (images: readonly tf.Tensor3D[]): tf.Tensor =>
      attention(images[0], images[1], images[2], { blockRows: 7 });
    const batched = (images: readonly tf.Tensor3D[]): Promise<number> =>
      kernelsOf(() => withBatchedAttention(() => attend(images)));
    expect(await batched([q, k, v])).toBe(await batched(first));
    const usual = (images: readonly tf.Tensor3D[]): Promise<number> =>
      kernelsOf(() => attend(images));
    expect(await usual([q, k, v])).toBeGreaterThan(await usual(first));
    tf.dispose([q, k, v, ...first]);
  });

  it('ends with the function, also if it throws', () => {
    expect(() =>
      withBatchedAttention(() => {
        throw new Error('stopped');
      }),
    ).toThrow('stopped');
    expect(isAttentionBatched()).toBe(false);
    withBatchedAttention(() => {
      withBatchedAttention(() => undefined);
      expect(isAttentionBatched()).toBe(true);
    });
    expect(isAttentionBatched()).toBe(false);
  });
});
