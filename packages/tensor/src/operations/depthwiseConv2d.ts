import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { nativeConvolution } from './nativeConvolution.js';
import { type SlidingWindow, slidingWindow, type WindowOptions } from './slidingWindow.js';
import { padImages, readOffsets, scatterOffsets } from './windowOffsets.js';

/**
 * Convolution of each channel with its own filter (`torch.nn.functional.conv2d` with `groups` equal to the channels).
 * @param x [B, H, W, C]
 * @param kernel [kh, kw, C, 1]
 * @returns [B, Ho, Wo, C]
 * @throws RangeError if the kernel does not fit the images
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
    : nativeConvolution(x, kernel, { kernels, name: 'DepthwiseConv2dNative', window });
}

/** Depthwise convolution by kernels that every tfjs backend has. The wasm backend lacks both gradients (spec 12.3). */
function portableDepthwiseConv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  window: SlidingWindow,
): tf.Tensor4D {
  return differentiable({
    inputs: { x, kernel },
    forward: (save) => {
      save([x, kernel]);
      return tf.depthwiseConv2d(padImages(x, window.padding), kernel, window.stride, 'valid');
    },
    backward: (dy: tf.Tensor4D, [savedX, savedKernel]) => ({
      x: () => inputGradient(dy, savedKernel as tf.Tensor4D, window),
      kernel: () => {
        const gradient = kernelGradient(dy, savedX as tf.Tensor4D, window);
        disposeAfterBackward(dy, [savedX, savedKernel]);
        return gradient;
      },
    }),
  });
}

function inputGradient(dy: tf.Tensor4D, kernel: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [height, width] = window.size;
  const weights = tf.unstack(tf.reshape(kernel, [height * width, -1])); // one [C] per offset
  return scatterOffsets(
    weights.map((weight) => tf.mul(dy, weight)),
    window,
  );
}

function kernelGradient(dy: tf.Tensor4D, x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [height, width] = window.size;
  return tf.tidy(() => {
    const read = readOffsets(padImages(x, window.padding), window);
    const gradients: tf.Tensor[] = []; // one [C] per offset
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        gradients.push(tf.tidy(() => tf.sum(tf.mul(read(row, column), dy), [0, 1, 2])));
      }
    }
    return tf.reshape(tf.stack(gradients), [height, width, x.shape[3], 1]);
  });
}
