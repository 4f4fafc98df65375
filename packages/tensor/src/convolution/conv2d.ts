import type * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';
import { slidingWindow, type WindowOptions } from '../window.js';
import { nativeConvolution } from './nativeConvolution.js';
import { portableConv2d } from './portableConv2d.js';

const FAMILY = {
  forward: 'Conv2D',
  input: 'Conv2DBackpropInput',
  filter: 'Conv2DBackpropFilter',
} as const;

/**
 * Convolution with PyTorch's geometry: symmetric padding, output floor((n + 2 padding - k) / stride) + 1
 * (`torch.nn.functional.conv2d`; TF's 'same' differs from it on even sizes, spec 2.1).
 * @param x [B, H, W, Cin]
 * @param kernel [kh, kw, Cin, Cout]
 * @returns [B, Ho, Wo, Cout]
 * @throws RangeError where the shapes do not fit together.
 */
export function conv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: WindowOptions = {},
): tf.Tensor4D {
  const [height, width, channels] = kernel.shape;
  if (kernel.rank !== 4 || channels !== x.shape[3]) {
    throw new RangeError(
      `a kernel [kh, kw, Cin, Cout] of shape [${kernel.shape.join(', ')}] does not fit images of shape [${x.shape.join(', ')}]`,
    );
  }
  const window = slidingWindow(x.shape, [height, width], options);
  const kernels = fastKernels();
  return kernels === null
    ? portableConv2d(x, kernel, window)
    : nativeConvolution(kernels, FAMILY, x, { kernel, window });
}
