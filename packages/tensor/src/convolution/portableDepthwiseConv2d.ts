import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import { release } from '../release.js';
import { padImages, readTaps, scatterTaps } from '../taps.js';
import type { SlidingWindow } from '../window.js';

/** Depthwise convolution from kernels that every tfjs backend has. The wasm backend lacks both gradients (spec 12.3). */
export function portableDepthwiseConv2d(
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
        release(dy, [savedX, savedKernel]);
        return gradient;
      },
    }),
  });
}

function inputGradient(dy: tf.Tensor4D, kernel: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [height, width] = window.size;
  const weights = tf.unstack(tf.reshape(kernel, [height * width, -1])); // one [C] a tap
  return scatterTaps(
    weights.map((weight) => tf.mul(dy, weight)),
    window,
  );
}

function kernelGradient(dy: tf.Tensor4D, x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [height, width] = window.size;
  return tf.tidy(() => {
    const tap = readTaps(padImages(x, window.padding), window);
    const taps: tf.Tensor[] = [];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        taps.push(tf.tidy(() => tf.sum(tf.mul(tap(row, column), dy), [0, 1, 2])));
      }
    }
    return tf.reshape(tf.stack(taps), [height, width, x.shape[3], 1]);
  });
}
