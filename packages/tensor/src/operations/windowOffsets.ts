import * as tf from '@tensorflow/tfjs-core';
import type { SlidingWindow } from './slidingWindow.js';
import { joinStridePhases, splitStridePhases } from './stridePhases.js';

// A window of kh x kw pixels has kh x kw offsets (row, column) from its top left corner. Portable convolution and pooling
// compute on the pixels at one offset of all windows at once.

/** Adds `padding` pixels of `value` on all four sides. [B, H, W, C] -> [B, H + 2 padding, W + 2 padding, C] */
export function padImages(x: tf.Tensor4D, padding: number, value = 0): tf.Tensor4D {
  if (padding === 0) return x.clone();
  return tf.pad4d(
    x,
    [
      [0, 0],
      [padding, padding],
      [padding, padding],
      [0, 0],
    ],
    value,
  );
}

/** Reads the pixel at one offset of every window: [B, Ho, Wo, C]. */
type OffsetReader = (row: number, column: number) => tf.Tensor4D;

/**
 * Prepares reading padded images by window offset (one slice of `torch.nn.functional.unfold` at a time).
 * @param padded [B, H + 2 padding, W + 2 padding, C]
 */
export function readOffsets(padded: tf.Tensor4D, { stride, output }: SlidingWindow): OffsetReader {
  const phases = splitStridePhases(padded, stride);
  const [batch, , , channels] = padded.shape;
  return (row, column) => {
    const image = phases[row % stride][column % stride];
    return tf.slice4d(
      image,
      [0, Math.floor(row / stride), Math.floor(column / stride), 0],
      [batch, ...output, channels],
    );
  };
}

/**
 * Adds the values at all offsets back to the pixels they came from: the transpose of {@link readOffsets}, as
 * `torch.nn.functional.fold` is of `unfold`.
 * @param values one [B, Ho, Wo, C] per offset, in row-major order
 * @returns [B, H, W, C], without the padding
 */
export function scatterOffsets(values: readonly tf.Tensor4D[], window: SlidingWindow): tf.Tensor4D {
  return imageFromPhases(window, values[0].shape[3], (row, column) =>
    sumOfPhase(values, [row, column], window),
  );
}

/**
 * Builds images from their phases: pixels that share row and column modulo the stride are read at the same offsets.
 * @param phase [B, {@link phaseSize}, C] for a row and column below the stride; undefined if it is zero
 * @returns [B, H, W, C], without the padding
 */
export function imageFromPhases(
  window: SlidingWindow,
  channels: number,
  phase: (row: number, column: number) => tf.Tensor4D | undefined,
): tf.Tensor4D {
  const { stride, padding, input, size } = window;
  const [batch, height, width] = input;
  return tf.tidy(() => {
    const zeros = (): tf.Tensor4D => tf.zeros([batch, ...phaseSize(window), channels]);
    const indices = Array.from({ length: stride }, (_, i) => i);
    const padded = joinStridePhases(
      indices.map((row) =>
        indices.map((column) => {
          const isRead = row < size[0] && column < size[1];
          return (isRead ? phase(row, column) : undefined) ?? zeros();
        }),
      ),
    );
    const [missingRows, missingColumns] = [
      Math.max(0, height + 2 * padding - padded.shape[1]),
      Math.max(0, width + 2 * padding - padded.shape[2]),
    ];
    const complete =
      missingRows > 0 || missingColumns > 0
        ? tf.pad4d(padded, [
            [0, 0],
            [0, missingRows],
            [0, missingColumns],
            [0, 0],
          ])
        : padded;
    return tf.slice4d(complete, [0, padding, padding, 0], [batch, height, width, channels]);
  });
}

/** Rows and columns of one phase of all pixels that the window reads. */
export function phaseSize({ stride, size, output }: SlidingWindow): [number, number] {
  return [output[0] + Math.ceil(size[0] / stride) - 1, output[1] + Math.ceil(size[1] / stride) - 1];
}

/** Sum of the values at the offsets that belong to one phase, each shifted to its place. */
function sumOfPhase(
  values: readonly tf.Tensor4D[],
  [row, column]: readonly [number, number],
  window: SlidingWindow,
): tf.Tensor4D {
  const { stride, size, output } = window;
  const [rows, columns] = phaseSize(window);
  const shifted: tf.Tensor4D[] = [];
  for (let i = row, down = 0; i < size[0]; i += stride, down++) {
    for (let j = column, right = 0; j < size[1]; j += stride, right++) {
      shifted.push(
        tf.pad4d(values[i * size[1] + j], [
          [0, 0],
          [down, rows - output[0] - down],
          [right, columns - output[1] - right],
          [0, 0],
        ]),
      );
    }
  }
  return shifted.length === 1 ? shifted[0] : tf.addN(shifted);
}
