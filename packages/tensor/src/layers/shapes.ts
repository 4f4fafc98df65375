import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** The input of a layer that has one; TF.js passes a tensor or a list with one tensor. @returns [B, H, W, C] */
export function singleInput(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor4D {
  return (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
}

/** The input shape of a layer that has one input. */
export function singleShape(shape: tfl.Shape | tfl.Shape[]): tfl.Shape {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as tfl.Shape;
}

/**
 * The number of channels, the last dimension, of a layer's input.
 * @throws RangeError when it is not known.
 */
export function channelsOf(shape: tfl.Shape | tfl.Shape[]): number {
  const single = singleShape(shape);
  const channels = single[single.length - 1];
  if (channels === null || channels === undefined)
    throw new RangeError(
      `The number of channels must be known, got the shape [${single.join(', ')}].`,
    );
  return channels;
}

/**
 * Output length of a window of `size` that slides by `stride` over `length` values and `padding` zeros at either end,
 * rounded down as in PyTorch; null where the length is not known.
 */
export function slidingLength(
  length: number | null,
  { size, stride, padding }: { size: number; stride: number; padding: number },
): number | null {
  return length === null ? null : Math.floor((length + 2 * padding - size) / stride) + 1;
}
