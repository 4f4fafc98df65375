import * as tf from '@tensorflow/tfjs-core';
import type { SlidingWindow } from './window.js';

/** Surrounds images with `value` on all four sides. [B, H, W, C] -> [B, H + 2 padding, W + 2 padding, C] */
export function padImages(x: tf.Tensor4D, padding: number, value = 0): tf.Tensor4D {
  if (padding === 0) return x.clone();
  return tf.pad4d(x, [[0, 0], [padding, padding], [padding, padding], [0, 0]], value);
}

/**
 * The pixels under one position of the window, for every place of the window. Positions of the kernel are called taps.
 * [B, H + 2 padding, W + 2 padding, C] -> [B, Ho, Wo, C]
 */
export function tapSlice(padded: tf.Tensor4D, row: number, column: number, { stride, output: [height, width] }: SlidingWindow): tf.Tensor4D {
  const [batch, , , channels] = padded.shape;
  if (stride === 1) return tf.slice4d(padded, [0, row, column, 0], [batch, height, width, channels]);
  const end = [batch, row + (height - 1) * stride + 1, column + (width - 1) * stride + 1, channels];
  return tf.stridedSlice(padded, [0, row, column, 0], end, [1, stride, stride, 1]) as tf.Tensor4D;
}

/**
 * Adds what belongs to each tap back to the pixels it came from: the transpose of {@link tapSlice} over all taps.
 * Pixels that share a phase (row and column modulo the stride) are added at the output's size, then the phases interleave.
 * @param taps values [B, Ho, Wo, C] by row-major tap
 * @returns [B, H, W, C], without the padding
 */
export function scatterTaps(taps: readonly tf.Tensor4D[], window: SlidingWindow): tf.Tensor4D {
  return tf.tidy(() => {
    const { stride, padding, input } = window;
    const rows = Array.from({ length: stride }, (_, row) =>
      interleave(Array.from({ length: stride }, (_unused, column) => phase(taps, row, column, window)), 2),
    );
    const whole = interleave(rows, 1); // [B, U stride, V stride, C]
    const [, height, width] = whole.shape;
    const missing = [input[1] + 2 * padding - height, input[2] + 2 * padding - width].map((pixels) => Math.max(0, pixels));
    const filled = missing.some((pixels) => pixels > 0) ? tf.pad4d(whole, [[0, 0], [0, missing[0]], [0, missing[1]], [0, 0]]) : whole;
    return tf.slice4d(filled, [0, padding, padding, 0], [...input]);
  });
}

/** Sum of all taps that fall on pixels (row, column) modulo the stride, one value for every stride x stride block. */
function phase(taps: readonly tf.Tensor4D[], row: number, column: number, { stride, size, output }: SlidingWindow): tf.Tensor4D {
  const blocks = output.map((length, axis) => length + Math.ceil(size[axis] / stride) - 1);
  const shifted: tf.Tensor4D[] = [];
  for (let i = row, down = 0; i < size[0]; i += stride, down++) {
    for (let j = column, right = 0; j < size[1]; j += stride, right++) {
      const below = blocks[0] - output[0] - down;
      const beside = blocks[1] - output[1] - right;
      shifted.push(tf.pad4d(taps[i * size[1] + j], [[0, 0], [down, below], [right, beside], [0, 0]]));
    }
  }
  const [batch, , , channels] = taps[0].shape;
  if (shifted.length === 0) return tf.zeros([batch, blocks[0], blocks[1], channels]);
  return shifted.length === 1 ? shifted[0] : tf.addN(shifted);
}

/** Puts images together row by row (axis 1) or column by column (axis 2) in turn. */
function interleave(images: readonly tf.Tensor4D[], axis: 1 | 2): tf.Tensor4D {
  if (images.length === 1) return images[0];
  const [batch, height, width, channels] = images[0].shape;
  const count = images.length;
  if (axis === 2) {
    const columns = tf.concat(images.map((image) => tf.reshape(image, [batch * height * width, 1, channels])), 1);
    return tf.reshape(columns, [batch, height, width * count, channels]);
  }
  const rows = tf.concat(images.map((image) => tf.reshape(image, [batch * height, 1, width * channels])), 1);
  return tf.reshape(rows, [batch, height * count, width, channels]);
}
