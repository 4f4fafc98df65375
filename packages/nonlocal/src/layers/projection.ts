import { linear, maxPool } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** A 1x1 convolution: weight [1, 1, in, out], bias [out]. */
export interface Projection {
  readonly weight: tfl.LayerVariable;
  readonly bias?: tfl.LayerVariable;
}

/** Applies a 1x1 convolution with the kernel [1, 1, in, out] to the last axis of x. */
export function convolve<T extends tf.Tensor>(x: T, kernel: tf.Tensor, bias?: tf.Tensor): T {
  const [channels, filters] = kernel.shape.slice(2);
  return linear(x, tf.reshape(kernel, [channels, filters]), bias as tf.Tensor1D | undefined);
}

/** [B, H, W, C] -> [B, HW, C] */
export function positions(map: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width, channels] = map.shape;
  return tf.reshape(map, [batch, height * width, channels]);
}

/** 2x2 maximum with stride 2; an odd last row or column is dropped, as in PyTorch. */
export function halve(map: tf.Tensor4D): tf.Tensor4D {
  return maxPool(map, { size: 2 });
}
