import * as tf from '@tensorflow/tfjs-core';

/** Used in place of minus infinity, so that the softmax stays finite where nothing else is left (maps one pixel high). */
const MASKED = -1e9;

/**
 * Criss-cross attention (CCNet, Huang et al. 2019): each pixel attends to its column and its row, one softmax over both;
 * the pixel itself counts once, through its row. No scale factor (docs/specification.md, section 4.4).
 *
 * @param queries [B, H, W, d]
 * @param keys [B, H, W, d]
 * @param values [B, H, W, e]
 * @returns [B, H, W, e]; the caller applies gamma and adds the residual
 * @throws RangeError when the maps do not have the same size or number of channels.
 */
export function crissCrossAttention(
  queries: tf.Tensor4D,
  keys: tf.Tensor4D,
  values: tf.Tensor4D,
): tf.Tensor4D {
  checkMaps(queries, keys, values);
  const [batch, height, width] = queries.shape;
  return tf.tidy(() => {
    const columns = (map: tf.Tensor4D): tf.Tensor3D =>
      tf.reshape(tf.transpose(map, [0, 2, 1, 3]), [batch * width, height, map.shape[3]]);
    const rows = (map: tf.Tensor4D): tf.Tensor3D =>
      tf.reshape(map, [batch * height, width, map.shape[3]]);
    const columnsToMap = (lines: tf.Tensor): tf.Tensor4D =>
      tf.transpose(tf.reshape(lines, [batch, width, height, -1]), [0, 2, 1, 3]);

    const self = tf.mul(tf.eye(height), MASKED); // [H, H]
    const columnScores = columnsToMap(
      tf.add(tf.matMul(columns(queries), columns(keys), false, true), self),
    ); // [B, H, W, H]
    const rowScores = tf.reshape<tf.Rank.R4>(tf.matMul(rows(queries), rows(keys), false, true), [
      batch,
      height,
      width,
      width,
    ]);
    const weights = tf.softmax(tf.concat4d([columnScores, rowScores], 3)); // [B, H, W, H + W]
    const [columnWeights, rowWeights] = tf.split<tf.Tensor4D>(weights, [height, width], 3);
    const fromColumns = columnsToMap(tf.matMul(columns(columnWeights), columns(values))); // [B, H, W, e]
    const fromRows = tf.reshape(tf.matMul(rows(rowWeights), rows(values)), values.shape);
    return tf.add<tf.Tensor4D>(fromColumns, fromRows);
  });
}

function checkMaps(queries: tf.Tensor4D, keys: tf.Tensor4D, values: tf.Tensor4D): void {
  const sameMap = (other: tf.Tensor): boolean =>
    other.rank === 4 && [0, 1, 2].every((axis) => other.shape[axis] === queries.shape[axis]);
  if (queries.rank === 4 && sameMap(keys) && sameMap(values) && keys.shape[3] === queries.shape[3])
    return;
  const shapes = [queries, keys, values].map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
  throw new RangeError(
    `crissCrossAttention takes [B, H, W, d], [B, H, W, d], [B, H, W, e]; got ${shapes}.`,
  );
}
