import type * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';
import { slidingWindow, type WindowOptions } from '../window.js';
import { nativeConvolution } from './nativeConvolution.js';
import { portableDepthwiseConv2d } from './portableDepthwiseConv2d.js';

const FAMILY = {
  forward: 'DepthwiseConv2dNative',
  input: 'DepthwiseConv2dNativeBackpropInput',
  filter: 'DepthwiseConv2dNativeBackpropFilter',
} as const;

/**
 * Convolution of each channel with its own filter (`torch.nn.functional.conv2d` with as many groups as channels).
 * @param x [B, H, W, C]
 * @param kernel [kh, kw, C, 1]
 * @returns [B, Ho, Wo, C]
 * @throws RangeError where the shapes do not fit together.
 */
export function depthwiseConv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: WindowOptions = {},
): tf.Tensor4D {
  const [height, width, channels, multiplier] = kernel.shape;
  if (kernel.rank !== 4 || channels !== x.shape[3] || multiplier !== 1) {
    throw new RangeError(
      `a kernel [kh, kw, C, 1] of shape [${kernel.shape.join(', ')}] does not fit images of shape [${x.shape.join(', ')}]`,
    );
  }
  const window = slidingWindow(x.shape, [height, width], options);
  const kernels = fastKernels();
  return kernels === null
    ? portableDepthwiseConv2d(x, kernel, window)
    : nativeConvolution(kernels, FAMILY, x, { kernel, window });
}
