import * as tf from '@tensorflow/tfjs-core';
import type { SlidingWindow } from './slidingWindow.js';
import { joinStridePhases, splitStridePhases } from './stridePhases.js';

/** Surrounds images with `value` on all four sides. [B, H, W, C] -> [B, H + 2 padding, W + 2 padding, C] */
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

/** Takes the pixels under one position of the window, for every place of the window: [B, Ho, Wo, C]. */
export type OffsetReader = (row: number, column: number) => tf.Tensor4D;

/**
 * Prepares reading padded images through a window; each position in the window is a tap.
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
 * Adds what belongs to each tap back to the pixels it came from: the transpose of {@link readOffsets} over all taps.
 * @param taps values [B, Ho, Wo, C] by row-major tap
 * @returns [B, H, W, C], without the padding
 */
export function scatterOffsets(taps: readonly tf.Tensor4D[], window: SlidingWindow): tf.Tensor4D {
  return imageFromPhases(window, taps[0].shape[3], (row, column) =>
    sumOfPhase(taps, row, column, window),
  );
}

/**
 * Builds images out of their phases: pixels that share row and column modulo the stride get their values from the same taps.
 * @param phase [B, {@link phaseSize}, C] for a row and column below the stride; undefined where it is zero
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
    const steps = Array.from({ length: stride }, (_, i) => i);
    const empty = (): tf.Tensor4D => tf.zeros([batch, ...phaseSize(window), channels]);
    const whole = joinStridePhases(
      steps.map((row) =>
        steps.map(
          (column) =>
            (row < size[0] && column < size[1] ? phase(row, column) : undefined) ?? empty(),
        ),
      ),
    );
    const missing = [
      height + 2 * padding - whole.shape[1],
      width + 2 * padding - whole.shape[2],
    ].map((pixels) => Math.max(0, pixels));
    const filled = missing.some((pixels) => pixels > 0)
      ? tf.pad4d(whole, [
          [0, 0],
          [0, missing[0]],
          [0, missing[1]],
          [0, 0],
        ])
      : whole;
    return tf.slice4d(filled, [0, padding, padding, 0], [batch, height, width, channels]);
  });
}

/** Rows and columns of one phase of all pixels that the window reads. */
export function phaseSize({ stride, size, output }: SlidingWindow): [number, number] {
  return [output[0] + Math.ceil(size[0] / stride) - 1, output[1] + Math.ceil(size[1] / stride) - 1];
}

function sumOfPhase(
  taps: readonly tf.Tensor4D[],
  row: number,
  column: number,
  window: SlidingWindow,
): tf.Tensor4D {
  const { stride, size, output } = window;
  const [rows, columns] = phaseSize(window);
  const shifted: tf.Tensor4D[] = [];
  for (let i = row, down = 0; i < size[0]; i += stride, down++) {
    for (let j = column, right = 0; j < size[1]; j += stride, right++) {
      shifted.push(
        tf.pad4d(taps[i * size[1] + j], [
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
