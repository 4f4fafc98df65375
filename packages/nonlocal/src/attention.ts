import * as tf from '@tensorflow/tfjs-core';
import { attentionBackward } from './attentionBackward.js';
import { attentionForward } from './attentionForward.js';
import { checkAttentionInputs } from './checkAttentionInputs.js';
import { defaultBlockRows } from './defaultBlockRows.js';
import { undividedBackward } from './undividedBackward.js';
import { undividedForward } from './undividedForward.js';

/** Options of {@link attention}. */
export interface AttentionOptions {
  /** Queries handled at a time: the largest matrix held is blockRows x M. Default: what fits the processor's cache. */
  readonly blockRows?: number;
  /** Factor on the dot products; 1 as in the paper, 1/sqrt(d) as in Transformers. */
  readonly scale?: number;
}

/**
 * Exact softmax attention, softmax_j(scale q_i k_j) v_j, whose memory grows with N + M: it never holds more than a block of
 * the N x M matrix.
 *
 * Queries are taken in blocks of rows; the backward pass computes each block's weights again instead of keeping them
 * (Rabe and Staats 2021; spec section 6). Only where one block has room for the queries of all images they are kept.
 * The result does not depend on the block size beyond float32 rounding. NaN and infinite inputs behave as in a plain
 * softmax.
 *
 * @param queries [B, N, d]
 * @param keys [B, M, d]
 * @param values [B, M, e]
 * @returns [B, N, e]; differentiable once in all three
 * @throws RangeError when the shapes do not fit or blockRows is not a positive whole number
 */
export function attention(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  options: AttentionOptions = {},
): tf.Tensor3D {
  checkAttentionInputs(queries, keys, values);
  const { scale = 1, blockRows = defaultBlockRows(keys.shape[1]) } = options;
  if (!Number.isInteger(blockRows) || blockRows < 1)
    throw new RangeError(
      `attention: blockRows is ${blockRows}; a whole number of at least 1 is needed.`,
    );

  // All queries of all images fit one block: nothing is cut, and the weights are kept instead of computed again.
  const undivided = queries.shape[0] * queries.shape[1] <= blockRows;

  const operation = tf.customGrad<tf.Tensor3D>((q, k, v, save) => {
    const inputs = { queries: q as tf.Tensor3D, keys: k as tf.Tensor3D, values: v as tf.Tensor3D };
    const [output, ...weights] = undivided
      ? undividedForward(inputs, scale)
      : [attentionForward(inputs, { scale, blockRows })];
    (save as tf.GradSaveFunc)([inputs.queries, inputs.keys, inputs.values, output, ...weights]);
    const gradFunc = (dOutput: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [savedQueries, savedKeys, savedValues, savedOutput, savedWeights] =
        saved as tf.Tensor3D[];
      const all = {
        queries: savedQueries,
        keys: savedKeys,
        values: savedValues,
        output: savedOutput,
        dOutput: dOutput as tf.Tensor3D,
      };
      return undivided
        ? undividedBackward(all, savedWeights, scale)
        : attentionBackward(all, { scale, blockRows });
    };
    return { value: output, gradFunc };
  });
  return operation(queries, keys, values);
}
