import { matMul } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { accumulate } from './accumulate.js';
import { checkAttentionInputs } from './checkAttentionInputs.js';
import { defaultBlockRows } from './defaultBlockRows.js';
import { imageRows } from './imageRows.js';
import { queryBlocks } from './queryBlocks.js';

/**
 * Concatenation non-local operation, (1/M) sum_j ReLU(a_i + b_j) v_j (Wang et al. 2018; spec 4.3), where a and b are the
 * two halves of w_f applied to theta(x) and phi(x). Blocked over queries; the backward pass computes each block again.
 *
 * @param queries a, [B, N, 1]
 * @param keys b, [B, M, 1]
 * @param values [B, M, e]
 * @returns [B, N, e]; differentiable once in all three
 */
export function concatenationAttention(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { blockRows = defaultBlockRows(keys.shape[1]) }: { blockRows?: number } = {},
): tf.Tensor3D {
  checkAttentionInputs(queries, keys, values);
  if (queries.shape[2] !== 1)
    throw new RangeError(
      `concatenationAttention takes one number a position, got queries [${queries.shape.join(', ')}].`,
    );
  const operation = tf.customGrad<tf.Tensor3D>((a, b, v, save) => {
    const inputs = [a, b, v] as tf.Tensor3D[];
    (save as tf.GradSaveFunc)(inputs);
    return {
      value: forward(inputs, blockRows),
      gradFunc: (dOutput: tf.Tensor, saved: tf.Tensor[]) =>
        backward(saved as tf.Tensor3D[], dOutput as tf.Tensor3D, blockRows),
    };
  });
  return operation(queries, keys, values);
}

function forward([a, b, v]: tf.Tensor3D[], blockRows: number): tf.Tensor3D {
  return tf.tidy(() => {
    const images = Array.from({ length: a.shape[0] }, (_, image) => {
      const keys = tf.reshape(imageRows(b, image), [1, -1]); // [1, M]
      const values = imageRows(v, image); // [M, e]
      const blocks = queryBlocks(a.shape[1], blockRows).map((block) =>
        tf.tidy(() =>
          matMul(tf.relu(tf.add<tf.Tensor2D>(imageRows(a, image, block), keys)), values),
        ),
      );
      return tf.concat2d(blocks, 0);
    });
    return tf.mul<tf.Tensor3D>(tf.stack(images), 1 / b.shape[1]);
  });
}

function backward(
  [a, b, v]: tf.Tensor3D[],
  dOutput: tf.Tensor3D,
  blockRows: number,
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const dy = tf.mul<tf.Tensor3D>(dOutput, 1 / b.shape[1]);
    const images = Array.from({ length: a.shape[0] }, (_, image) =>
      imageBackward([a, b, v], { dy, image, blockRows }),
    );
    return [0, 1, 2].map(
      (input) => tf.stack(images.map((gradients) => gradients[input])) as tf.Tensor3D,
    );
  });
}

function imageBackward(
  [a, b, v]: tf.Tensor3D[],
  { dy, image, blockRows }: { dy: tf.Tensor3D; image: number; blockRows: number },
): tf.Tensor2D[] {
  const keys = tf.reshape(imageRows(b, image), [1, -1]); // [1, M]
  const values = imageRows(v, image); // [M, e]
  const dA: tf.Tensor2D[] = [];
  let dB: tf.Tensor2D | undefined;
  let dV: tf.Tensor2D | undefined;
  for (const block of queryBlocks(a.shape[1], blockRows)) {
    const [daBlock, dbBlock, dvBlock] = tf.tidy(() => {
      const sums = tf.add<tf.Tensor2D>(imageRows(a, image, block), keys); // [size, M]
      const dO = imageRows(dy, image, block); // [size, e]
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
    dA.push(daBlock);
    dB = accumulate(dB, dbBlock);
    dV = accumulate(dV, dvBlock);
  }
  return [tf.concat2d(dA, 0), dB as tf.Tensor2D, dV as tf.Tensor2D];
}
