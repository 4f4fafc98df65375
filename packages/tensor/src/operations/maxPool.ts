import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import type { KernelAttributes } from '../native/kernelAttributes.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { explicitPadding, namedPadding } from './nativePadding.js';
import { type SlidingWindow, slidingWindow } from './slidingWindow.js';
import { padImages, readOffsets, scatterOffsets } from './windowOffsets.js';

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

/**
 * Max pooling by TensorFlow's kernels. oneDNN's remembers where each maximum was and so has a gradient up to 30 times
 * faster than the plain one; it knows no explicit padding and gets a padded copy where SAME or VALID do not fit.
 */
function nativeMaxPool(kernels: NativeKernels, x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const named = namedPadding(window);
  const attributes = {
    ...common(window),
    ...(named ?? { padding: 'VALID' }),
    workspace_enabled: true,
  };
  const [fast, fastGradient] = [
    oneDnn(kernels, 'MaxPool', attributes),
    oneDnn(kernels, 'MaxPoolGrad', attributes),
  ];
  if (fast === undefined || fastGradient === undefined) return plainMaxPool(kernels, x, window);
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const image = named === undefined ? padImages(x, window.padding, -Infinity) : x;
      const [y, workspace] = kernels.run(fast.name, fast.attributes, [image], 2);
      save([image, y, workspace]);
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => ({
      x: () => {
        const [image, y, workspace] = saved;
        const [gradient] = kernels.run(
          fastGradient.name,
          fastGradient.attributes,
          [image, y, dy, workspace],
          1,
        ) as tf.Tensor4D[];
        disposeAfterBackward(dy, saved);
        return named === undefined
          ? tf.slice4d(gradient, [0, window.padding, window.padding, 0], [...window.input])
          : gradient;
      },
    }),
  });
}

function plainMaxPool(kernels: NativeKernels, x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const attributes = { ...common(window), ...explicitPadding(window) };
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const [y] = kernels.run('MaxPool', attributes, [x], 1);
      save([x, y]);
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => ({
      x: () => {
        const [gradient] = kernels.run('MaxPoolGrad', attributes, [...saved, dy], 1);
        disposeAfterBackward(dy, saved);
        return gradient;
      },
    }),
  });
}

function common({ size: [height, width], stride }: SlidingWindow): KernelAttributes {
  return {
    T: { type: 'float32' },
    ksize: [1, height, width, 1],
    strides: [1, stride, stride, 1],
    data_format: 'NHWC',
  };
}

/** Max pooling from kernels that every tfjs backend has; wasm's own gradient drops windows whose maximum is not positive (spec 12.4). */
function portableMaxPool(x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
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
        disposeAfterBackward(dy, [savedX, savedY]);
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
    const tap = readOffsets(padImages(x, window.padding, -Infinity), window);
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
    return scatterOffsets(taps, window);
  });
}
