import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** The one input of a layer; tfjs hands it over alone or in a list. */
export function singleInput(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor4D {
  return (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
}

/** The one input shape of a layer. */
export function singleShape(shape: tfl.Shape | tfl.Shape[]): tfl.Shape {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as tfl.Shape;
}

/** The last, known dimension of a layer's input. */
export function channelsOf(shape: tfl.Shape | tfl.Shape[]): number {
  const single = singleShape(shape);
  const channels = single[single.length - 1];
  if (channels === null || channels === undefined)
    throw new RangeError(
      `The number of channels must be known, got the shape [${single.join(', ')}].`,
    );
  return channels;
}

/** Output length of a window of `size` with `stride` over `length` + 2 `padding` (PyTorch: floor); null where unknown. */
export function slidingLength(
  length: number | null,
  { size, stride, padding }: { size: number; stride: number; padding: number },
): number | null {
  return length === null ? null : Math.floor((length + 2 * padding - size) / stride) + 1;
}
