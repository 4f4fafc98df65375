import { matMul } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';

let batched = false;

/**
 * Runs a function in which attention takes all images of a batch at once, in blocks of queries. Usually each image has its
 * own operations, which computes faster; but a graph that is recorded then fits one batch size only. The results are equal
 * to within float32 rounding. A block takes `batch` times the memory.
 */
export function withBatchedAttention<Result>(run: () => Result): Result {
  const before = batched;
  batched = true;
  try {
    return run();
  } finally {
    batched = before;
  }
}

/** Whether a function of {@link withBatchedAttention} runs. */
export const isAttentionBatched = (): boolean => batched;

/** A block of queries, and what all blocks share. */
interface BatchedInputs {
  /** [B, N, d] */
  readonly queries: tf.Tensor3D;
  /** [B, M, e] */
  readonly values: tf.Tensor3D;
  readonly blockRows: number;
  /** Weights [B, rows, M] of a block of queries [B, rows, d]. */
  readonly weights: (block: tf.Tensor3D) => tf.Tensor3D;
}

/** Weights times values, block by block. @returns [B, N, e] */
export function attendInBatch({ queries, values, blockRows, weights }: BatchedInputs): tf.Tensor3D {
  const rows = queries.shape[1];
  return tf.tidy(() => {
    const sizes = Array.from({ length: Math.ceil(rows / blockRows) }, (_, block) =>
      Math.min(blockRows, rows - block * blockRows),
    );
    const blocks = sizes.length === 1 ? [queries] : tf.split<tf.Tensor3D>(queries, sizes, 1);
    const outputs = blocks.map((block) => tf.tidy(() => matMul(weights(block), values)));
    return outputs.length === 1 ? outputs[0] : tf.concat3d(outputs, 1);
  });
}
