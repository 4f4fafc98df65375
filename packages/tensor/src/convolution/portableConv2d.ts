import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import { release } from '../release.js';
import { padImages, tapSlice } from '../taps.js';
import type { SlidingWindow } from '../window.js';

/** Convolution from kernels that every tfjs backend has. The wasm backend lacks `Conv2DBackpropFilter` (spec 12.3). */
export function portableConv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  return differentiable({
    inputs: { x, kernel },
    forward: (save) => {
      save([x, kernel]);
      return tf.conv2d(padImages(x, window.padding), kernel, window.stride, 'valid');
    },
    backward: (dy: tf.Tensor4D, [savedX, savedKernel]) => ({
      x: () => inputGradient(dy, savedKernel as tf.Tensor4D, window),
      kernel: () => {
        const gradient = kernelGradient(dy, savedX as tf.Tensor4D, window);
        release(dy, [savedX, savedKernel]);
        return gradient;
      },
    }),
  });
}

function inputGradient(dy: tf.Tensor4D, kernel: tf.Tensor4D, { input, padding, stride }: SlidingWindow): tf.Tensor4D {
  const [batch, height, width, channels] = input;
  const padded = tf.conv2dTranspose(dy, kernel, [batch, height + 2 * padding, width + 2 * padding, channels], stride, 'valid');
  return padding === 0 ? padded : tf.slice4d(padded, [0, padding, padding, 0], [...input]);
}

/** One matrix product a kernel row: the row's taps side by side, transposed, times the upstream gradient. */
function kernelGradient(dy: tf.Tensor4D, x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [height, width] = window.size;
  const [channels, filters] = [x.shape[3], dy.shape[3]];
  return tf.tidy(() => {
    const padded = padImages(x, window.padding);
    const gradients = tf.reshape(dy, [-1, filters]); // [B Ho Wo, Cout]
    const rows = Array.from({ length: height }, (_, row) =>
      tf.tidy(() => {
        const taps = Array.from({ length: width }, (_unused, column) => tapSlice(padded, row, column, window));
        return tf.matMul(tf.reshape(tf.concat(taps, 3), [-1, width * channels]), gradients, true); // [kw Cin, Cout]
      }),
    );
    return tf.reshape(tf.concat(rows, 0), [height, width, channels, filters]);
  });
}
