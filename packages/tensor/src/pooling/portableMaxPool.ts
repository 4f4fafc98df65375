import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import { release } from '../release.js';
import { padImages, readTaps, scatterTaps } from '../taps.js';
import type { SlidingWindow } from '../window.js';

/** Max pooling from kernels that every tfjs backend has; wasm's own gradient drops windows whose maximum is not positive (spec 12.4). */
export function portableMaxPool(x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const y = tf.maxPool<tf.Tensor4D>(
        padImages(x, window.padding, -Infinity),
        [...window.size],
        window.stride,
        'valid',
      );
      save([x, y]);
      return y;
    },
    backward: (dy: tf.Tensor4D, [savedX, savedY]) => ({
      x: () => {
        const gradient = inputGradient(dy, savedX as tf.Tensor4D, savedY as tf.Tensor4D, window);
        release(dy, [savedX, savedY]);
        return gradient;
      },
    }),
  });
}

/** Each window's gradient goes to its first maximum in row-major order, as in PyTorch. */
function inputGradient(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  y: tf.Tensor4D,
  window: SlidingWindow,
): tf.Tensor4D {
  return tf.tidy(() => {
    const tap = readTaps(padImages(x, window.padding, -Infinity), window);
    let open: tf.Tensor4D = tf.onesLike(y); // 1 where the maximum has not been met yet
    const taps: tf.Tensor4D[] = [];
    for (let row = 0; row < window.size[0]; row++) {
      for (let column = 0; column < window.size[1]; column++) {
        const first = tf.tidy(() =>
          tf.mul<tf.Tensor4D>(open, tf.cast(tf.equal(tap(row, column), y), 'float32')),
        );
        taps.push(tf.mul(first, dy));
        const rest = tf.sub<tf.Tensor4D>(open, first);
        tf.dispose([open, first]);
        open = rest;
      }
    }
    return scatterTaps(taps, window);
  });
}
