import * as tf from '@tensorflow/tfjs-core';
import { inFloat32 } from '../precision/autocast.js';
import { applyAlongAxes, type Matrix } from './applyAlongAxes.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/** How positions are divided into bins: as PyTorch's adaptive pooling does it, or as windows of one size at one stride. */
export type BinRule = 'adaptive' | 'plain';

/**
 * Mean of each of PyTorch's adaptive bins (`torch.nn.functional.adaptive_avg_pool2d`, spec 5.1).
 * @param x [B, H, W, C]
 * @param size [h, w] of the output; smaller or larger than the input
 * @param options `bins: 'plain'` uses windows of one size at one stride (`torch.nn.functional.avg_pool2d`); the output
 * must then not be larger than the input
 * @returns [B, h, w, C]
 * @throws RangeError if a size is not a positive integer, or too large for plain bins
 */
export function adaptiveAveragePool(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  { bins: rule = 'adaptive' }: { bins?: BinRule } = {},
): tf.Tensor4D {
  const [, rows, columns] = x.shape;
  return applyAlongAxes(
    x,
    averagingMatrix(bins(rows, height, rule), rows),
    averagingMatrix(bins(columns, width, rule), columns),
  );
}

function averagingMatrix(all: readonly Bin[], length: number): Matrix {
  const values = new Float32Array(all.length * length);
  all.forEach(({ start, end }, row) =>
    values.fill(1 / (end - start), row * length + start, row * length + end),
  );
  return { rows: all.length, columns: length, values };
}

/**
 * Maximum of each of PyTorch's adaptive bins; the gradient goes to the first maximum in row-major order
 * (`torch.nn.functional.adaptive_max_pool2d`, spec 5.1).
 *
 * Computed along the columns first, then along the rows, which finds the first row that holds the maximum and the first
 * column in it.
 * @param x [B, H, W, C]
 * @param size [h, w] of the output; smaller or larger than the input
 * @param options `bins: 'plain'` uses windows of one size at one stride (`torch.nn.functional.max_pool2d`); the output
 * must then not be larger than the input
 * @returns [B, h, w, C]
 * @throws RangeError if a size is not a positive integer, or too large for plain bins
 */
export function adaptiveMaxPool(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  { bins: rule = 'adaptive' }: { bins?: BinRule } = {},
): tf.Tensor4D {
  const [batch, rows, columns, channels] = x.shape;
  return tf.tidy(() => {
    const lines = tf.reshape<tf.Rank.R3>(x, [batch * rows, columns, channels]);
    const narrow = maxAlong(lines, bins(columns, width, rule)); // [B H, w, C]
    const images = tf.reshape<tf.Rank.R3>(narrow, [batch, rows, width * channels]);
    const small = maxAlong(images, bins(rows, height, rule)); // [B, h, w C]
    return tf.reshape(small, [batch, height, width, channels]);
  });
}

/** Maximum over bins of the middle axis. [A, n, D] -> [A, o, D] */
function maxAlong(x: tf.Tensor3D, along: readonly Bin[]): tf.Tensor3D {
  const [outer, length, inner] = x.shape;
  const count = along.length;
  const { indices, depth } = binPositions(along);
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const gathered = tf.gather(x, tf.tensor1d(indices, 'int32'), 1); // [A, o k, D]
      const candidates = tf.reshape<tf.Rank.R4>(gathered, [outer, count, depth, inner]);
      const y = tf.max<tf.Tensor3D>(candidates, 2);
      save([firstMaximum(candidates, y)]);
      return y;
    },
    backward: (dy: tf.Tensor3D, [isFirst]) => ({
      x: () => {
        const spread = tf.mul(isFirst, tf.expandDims(dy, 2)); // [A, o, k, D]
        const back = tf.tile(scatterMatrix(indices, length), [outer, 1, 1]); // [A, n, o k]
        const gradient = inFloat32(() =>
          tf.matMul(back, tf.reshape(spread, [outer, count * depth, inner])),
        );
        disposeAfterBackward(dy, [isFirst]);
        return gradient;
      },
    }),
  });
}

/** 1 at the first of each bin's maxima, else 0: of the maxima, the one with the highest rank counted from the end. */
function firstMaximum(candidates: tf.Tensor4D, y: tf.Tensor3D): tf.Tensor4D {
  const depth = candidates.shape[2];
  const ranks = tf.reshape(tf.range(depth, 0, -1), [1, 1, depth, 1]);
  const ranked = tf.mul(tf.cast(tf.equal(candidates, tf.expandDims(y, 2)), 'float32'), ranks);
  return tf.cast(tf.equal(ranked, tf.max(ranked, 2, true)), 'float32');
}

/** Input positions of each bin, in order; bins shorter than `depth` repeat their last position. */
function binPositions(all: readonly Bin[]): { indices: Int32Array; depth: number } {
  const depth = Math.max(...all.map(({ start, end }) => end - start));
  const indices = Int32Array.from({ length: all.length * depth }, (_, i) => {
    const { start, end } = all[Math.floor(i / depth)];
    return Math.min(start + (i % depth), end - 1);
  });
  return { indices, depth };
}

/** [1, n, o k]: 1 where a candidate is an input position. */
function scatterMatrix(indices: Int32Array, length: number): tf.Tensor3D {
  const values = new Float32Array(length * indices.length);
  indices.forEach((position, column) => (values[position * indices.length + column] = 1));
  return tf.tensor3d(values, [1, length, indices.length]);
}

/** Positions from `start` up to, but not including, `end`. */
interface Bin {
  readonly start: number;
  readonly end: number;
}

/**
 * Divides `length` positions into `count` bins. `adaptive`: start floor(i n / o), end ceil((i + 1) n / o), which may
 * overlap and differ in size (spec 5.1). `plain`: stride floor(n / o), kernel n - (o - 1) stride, which covers everything
 * without padding. Both are the same if o divides n.
 */
function bins(length: number, count: number, rule: BinRule): Bin[] {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`an output size must be an integer of at least 1, not ${count}`);
  if (rule === 'adaptive')
    return Array.from({ length: count }, (_, i) => ({
      start: Math.floor((i * length) / count),
      end: Math.ceil(((i + 1) * length) / count),
    }));
  if (count > length)
    throw new RangeError(
      `plain pooling cannot bring ${length} positions to ${count}; at most ${length} are possible`,
    );
  const stride = Math.floor(length / count);
  const kernel = length - (count - 1) * stride;
  return Array.from({ length: count }, (_, i) => ({ start: i * stride, end: i * stride + kernel }));
}
