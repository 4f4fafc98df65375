import { matMul } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import {
  accumulate,
  checkAttentionInputs,
  type CustomGradInputs,
  defaultBlockRows,
} from './attention.js';
import { rowBlocks } from './attentionOperands.js';
import { attendInBatch, isAttentionBatched } from './batchedAttention.js';

/**
 * Dot-product non-local operation, (1/M) sum_j scale (q_i k_j) v_j (Wang et al. 2018). Computed as Q (K^T V) / M, so that
 * time and memory grow with N + M; there is no N x M matrix.
 *
 * @param queries [B, N, d]
 * @param keys [B, M, d]
 * @param values [B, M, e]
 * @returns [B, N, e]
 * @throws RangeError when the shapes do not fit together.
 */
// eslint-disable-next-line max-params -- the signature of `attention`
export function dotProductAttention(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { scale = 1 }: { scale?: number } = {},
): tf.Tensor3D {
  checkAttentionInputs(queries, keys, values);
  return tf.tidy(() => {
    const context = tf.mul(tf.matMul(keys, values, true), scale / keys.shape[1]); // [B, d, e]
    return tf.matMul(queries, context); // [B, N, e]
  });
}

/**
 * Concatenation non-local operation, (1/M) sum_j ReLU(a_i + b_j) v_j (Wang et al. 2018; docs/specification.md, section
 * 4.3), where a and b are the two halves of w_f applied to theta(x) and phi(x). Computed in blocks of query rows; the
 * backward pass computes each block again.
 *
 * @param queries a, [B, N, 1]
 * @param keys b, [B, M, 1]
 * @param values [B, M, e]
 * @returns [B, N, e]; differentiable once with respect to all three
 * @throws RangeError when the shapes do not fit together.
 */
// eslint-disable-next-line max-params -- the signature of `attention`
export function concatenationAttention(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { blockRows = defaultBlockRows(keys.shape[1]) }: { blockRows?: number } = {},
): tf.Tensor3D {
  checkAttentionInputs(queries, keys, values);
  if (queries.shape[2] !== 1)
    throw new RangeError(
      `concatenationAttention takes one value per position, got queries [${queries.shape.join(', ')}].`,
    );
  const operation = tf.customGrad<tf.Tensor3D>((...inputsAndSave) => {
    const [a, b, v, save] = inputsAndSave as CustomGradInputs;
    save([a, b, v]);
    return {
      value: forward([a, b, v], blockRows),
      gradFunc: (dOutput: tf.Tensor, saved: tf.Tensor[]) =>
        backward(saved as tf.Tensor3D[], dOutput as tf.Tensor3D, blockRows),
    };
  });
  return operation(queries, keys, values);
}

/** Per block: O = ReLU(a + b^T) V / M. @returns [B, N, e] */
function forward([a, b, v]: tf.Tensor3D[], blockRows: number): tf.Tensor3D {
  return tf.tidy(() => {
    if (isAttentionBatched()) {
      const keysOfImages = tf.transpose(b, [0, 2, 1]); // [B, 1, M]
      const weights = (block: tf.Tensor3D): tf.Tensor3D => tf.relu(tf.add(block, keysOfImages));
      const sums = attendInBatch({ queries: a, values: v, blockRows, weights });
      return tf.mul<tf.Tensor3D>(sums, 1 / b.shape[1]);
    }
    const keys = keyRows(b);
    const values = tf.unstack(v) as tf.Tensor2D[]; // [M, e]
    const images = rowBlocks(a, blockRows).map((blocks, image) =>
      tf.concat2d(
        blocks.map((block) =>
          tf.tidy(() => matMul(tf.relu(tf.add<tf.Tensor2D>(block, keys[image])), values[image])),
        ),
        0,
      ),
    );
    return tf.mul<tf.Tensor3D>(tf.stack(images), 1 / b.shape[1]);
  });
}

/** Per block, with S = a + b^T computed again: dS = (dO V^T) [S > 0]; dV += ReLU(S)^T dO. @returns da, db, dV */
function backward(
  [a, b, v]: tf.Tensor3D[],
  dOutput: tf.Tensor3D,
  blockRows: number,
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const keys = keyRows(b);
    const values = tf.unstack(v) as tf.Tensor2D[]; // [M, e]
    const dO = rowBlocks(tf.mul<tf.Tensor3D>(dOutput, 1 / b.shape[1]), blockRows);
    const images = rowBlocks(a, blockRows).map((blocks, image) =>
      imageBackward(
        { keys: keys[image], values: values[image] },
        blocks.map((block, j) => ({ a: block, dO: dO[image][j] })),
      ),
    );
    return [0, 1, 2].map(
      (input) => tf.stack(images.map((gradients) => gradients[input])) as tf.Tensor3D,
    );
  });
}

function imageBackward(
  { keys, values }: { keys: tf.Tensor2D; values: tf.Tensor2D },
  blocks: readonly { a: tf.Tensor2D; dO: tf.Tensor2D }[],
): tf.Tensor2D[] {
  const dA: tf.Tensor2D[] = [];
  let dB: tf.Tensor2D | undefined;
  let dV: tf.Tensor2D | undefined;
  for (const { a, dO } of blocks) {
    const [blockDA, blockDB, blockDV] = tf.tidy(() => {
      const sums = tf.add<tf.Tensor2D>(a, keys); // [size, M]
      const dSums = tf.mul(
        matMul(dO, values, { transposeB: true }),
        tf.cast(tf.greater(sums, 0), 'float32'),
      );
      return [
        tf.sum(dSums, 1, true),
        tf.reshape(tf.sum(dSums, 0), [-1, 1]),
        matMul(tf.relu(sums), dO, { transposeA: true }),
      ] as tf.Tensor2D[];
    });
    dA.push(blockDA);
    dB = accumulate(dB, blockDB);
    dV = accumulate(dV, blockDV);
  }
  return [tf.concat2d(dA, 0), dB as tf.Tensor2D, dV as tf.Tensor2D];
}

/** [B, M, 1] -> one row [1, M] per image. */
function keyRows(b: tf.Tensor3D): tf.Tensor2D[] {
  return tf.unstack(tf.reshape(b, [b.shape[0], 1, b.shape[1]])) as tf.Tensor2D[];
}
