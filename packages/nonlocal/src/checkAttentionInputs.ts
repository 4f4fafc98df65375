import type * as tf from '@tensorflow/tfjs-core';

/** Throws a RangeError with the shapes when [B, N, d], [B, M, d], [B, M, e] do not go together. */
export function checkAttentionInputs(queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor): void {
  const shapes = `queries [${queries.shape.join(', ')}], keys [${keys.shape.join(', ')}], values [${values.shape.join(', ')}]`;
  const fit =
    queries.rank === 3 &&
    keys.rank === 3 &&
    values.rank === 3 &&
    queries.shape[0] === keys.shape[0] &&
    keys.shape[0] === values.shape[0] &&
    queries.shape[2] === keys.shape[2] &&
    keys.shape[1] === values.shape[1];
  if (!fit) throw new RangeError(`attention takes [B, N, d], [B, M, d], [B, M, e]; got ${shapes}.`);
  if (queries.size === 0 || values.size === 0)
    throw new RangeError(`attention needs at least one position and channel; got ${shapes}.`);
}
