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
  /** Height and width of the window in pixels. */
  readonly size: number;
  /** Default: the size, so that windows do not overlap. */
  readonly stride?: number;
  /** Pixels added on each side, which never are the maximum. At most half the size. Default 0. */
  readonly padding?: number;
}

/**
 * Max pooling as `torch.nn.functional.max_pool2d`: padding never wins, the gradient goes to the first maximum.
 * @param x [B, H, W, C]
 * @returns [B, Ho, Wo, C]
 * @throws RangeError if the padding is more than half the size or the window does not fit
 */
export function maxPool(
  x: tf.Tensor4D,
  { size, stride = size, padding = 0 }: PoolOptions,
): tf.Tensor4D {
  if (padding * 2 > size)
    throw new RangeError(`padding must be at most half the size ${size}, not ${padding}`);
  const window = slidingWindow(x.shape, [size, size], { stride, padding });
  const kernels = fastKernels();
  if (kernels === null) return portableMaxPool(x, window);
  return oneDnnMaxPool(kernels, x, window) ?? plainMaxPool(kernels, x, window);
}

/**
 * By oneDNN, which remembers where each maximum was, so that its gradient is up to 30 times faster than the plain
 * kernel's. It does not support explicit padding and gets a padded copy if neither SAME nor VALID fits.
 * @returns undefined if this TensorFlow or this device does not have the kernels
 */
function oneDnnMaxPool(
  kernels: NativeKernels,
  x: tf.Tensor4D,
  window: SlidingWindow,
): tf.Tensor4D | undefined {
  const named = namedPadding(window);
  const attributes = {
    ...commonAttributes(window),
    ...(named ?? { padding: 'VALID' }),
    workspace_enabled: true,
  };
  const forward = oneDnn(kernels, { name: 'MaxPool', attributes });
  const backward = oneDnn(kernels, { name: 'MaxPoolGrad', attributes });
  if (forward === undefined || backward === undefined) return undefined;
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const image = named === undefined ? padImages(x, window.padding, -Infinity) : x;
      const [y, workspace] = kernels.runMultiple(forward, [image], 2);
      save([image, y, workspace]);
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => ({
      x: () => {
        const [image, y, workspace] = saved;
        const gradient = kernels.run(backward, [image, y, dy, workspace]) as tf.Tensor4D;
        disposeAfterBackward(dy, saved);
        return named === undefined
          ? tf.slice4d(gradient, [0, window.padding, window.padding, 0], [...window.input])
          : gradient;
      },
    }),
  });
}

/** By TensorFlow's plain kernels. */
function plainMaxPool(kernels: NativeKernels, x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const attributes = { ...commonAttributes(window), ...explicitPadding(window) };
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const y = kernels.run({ name: 'MaxPool', attributes }, [x]) as tf.Tensor4D;
      save([x, y]);
      return y;
    },
    backward: (dy: tf.Tensor4D, saved) => ({
      x: () => {
        const gradient = kernels.run({ name: 'MaxPoolGrad', attributes }, [...saved, dy]);
        disposeAfterBackward(dy, saved);
        return gradient;
      },
    }),
  });
}

function commonAttributes({ size: [height, width], stride }: SlidingWindow): KernelAttributes {
  return {
    T: { type: 'float32' },
    ksize: [1, height, width, 1],
    strides: [1, stride, stride, 1],
    data_format: 'NHWC',
  };
}

/** By kernels that every tfjs backend has. wasm's own gradient drops windows whose maximum is not positive (spec 12.4). */
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
    backward: (dy: tf.Tensor4D, saved) => ({
      x: () => {
        const [savedX, savedY] = saved as tf.Tensor4D[];
        const gradient = toFirstMaximum(dy, { x: savedX, y: savedY, window });
        disposeAfterBackward(dy, saved);
        return gradient;
      },
    }),
  });
}

/** Each window's gradient goes to its first maximum in row-major order, as in PyTorch. */
function toFirstMaximum(
  dy: tf.Tensor4D,
  { x, y, window }: { x: tf.Tensor4D; y: tf.Tensor4D; window: SlidingWindow },
): tf.Tensor4D {
  return tf.tidy(() => {
    const read = readOffsets(padImages(x, window.padding, -Infinity), window);
    let open: tf.Tensor4D = tf.onesLike(y); // 1 while a window's maximum has not been found
    const gradients: tf.Tensor4D[] = []; // one [B, Ho, Wo, C] per offset
    for (let row = 0; row < window.size[0]; row++) {
      for (let column = 0; column < window.size[1]; column++) {
        const found = tf.tidy(() =>
          tf.mul<tf.Tensor4D>(open, tf.cast(tf.equal(read(row, column), y), 'float32')),
        );
        gradients.push(tf.mul(found, dy));
        const rest = tf.sub<tf.Tensor4D>(open, found);
        tf.dispose([open, found]);
        open = rest;
      }
    }
    return scatterOffsets(gradients, window);
  });
}
