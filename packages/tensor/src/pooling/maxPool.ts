import type * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';
import { slidingWindow } from '../window.js';
import { nativeMaxPool } from './nativeMaxPool.js';
import { portableMaxPool } from './portableMaxPool.js';

/** A square pooling window. */
export interface PoolOptions {
  readonly size: number;
  /** Default: the size, so that windows do not overlap. */
  readonly stride?: number;
  /** Pixels added on each side; they never are the maximum. At most half the size. */
  readonly padding?: number;
}

/**
 * Max pooling as `torch.nn.functional.max_pool2d`: padding never wins, the gradient goes to the first maximum.
 * @param x [B, H, W, C]
 * @returns [B, Ho, Wo, C]
 * @throws RangeError where padding is more than half the size or the window does not fit.
 */
export function maxPool(
  x: tf.Tensor4D,
  { size, stride = size, padding = 0 }: PoolOptions,
): tf.Tensor4D {
  if (padding * 2 > size)
    throw new RangeError(`padding must be at most half the size ${size}, not ${padding}`);
  const window = slidingWindow(x.shape, [size, size], { stride, padding });
  const kernels = fastKernels();
  return kernels === null ? portableMaxPool(x, window) : nativeMaxPool(kernels, x, window);
}
