import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { matrixProduct } from './matMul.js';
import { nativeConvolution } from './nativeConvolution.js';
import { type SlidingWindow, slidingWindow, type WindowOptions } from './slidingWindow.js';
import { imageFromPhases, padImages, phaseSize, readOffsets } from './windowOffsets.js';

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

/**
 * Convolution from kernels that every tfjs backend has and has fast. The wasm backend lacks `Conv2DBackpropFilter`
 * (spec 12.3), and its `Conv2DBackpropInput` takes ten times a forward convolution; both are made of forward kernels.
 */
function portableConv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
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
        disposeAfterBackward(dy, [savedX, savedKernel]);
        return gradient;
      },
    }),
  });
}

/** Each phase of the image sees every stride-th tap: the full convolution of dy with these taps, turned round. */
function inputGradient(dy: tf.Tensor4D, kernel: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [rows, columns] = phaseSize(window);
  return imageFromPhases(window, kernel.shape[2], (row, column) => {
    const turned = turnedTaps(kernel, { row, column, stride: window.stride });
    const [above, before] = [turned.shape[0] - 1, turned.shape[1] - 1];
    const around = tf.pad4d(dy, [
      [0, 0],
      [above, rows - dy.shape[1]],
      [before, columns - dy.shape[2]],
      [0, 0],
    ]);
    return tf.conv2d(around, turned, 1, 'valid');
  });
}

/** Every stride-th tap from (row, column) on, the last first, channels and filters exchanged: [a, b, Cout, Cin] */
function turnedTaps(
  kernel: tf.Tensor4D,
  { row, column, stride }: { row: number; column: number; stride: number },
): tf.Tensor4D {
  const [height, width, channels, filters] = kernel.shape;
  const downwards = every(stride, row, height).reverse();
  const across = every(stride, column, width).reverse();
  const indices = downwards.flatMap((i) => across.map((j) => i * width + j));
  const all = tf.reshape<tf.Rank.R3>(kernel, [height * width, channels, filters]);
  const taps = indices.map((index) => tf.slice3d(all, [index, 0, 0], [1, channels, filters])); // copied whole: faster than gather or reverse on wasm
  return tf.reshape(tf.transpose(tf.concat3d(taps, 0), [0, 2, 1]), [
    downwards.length,
    across.length,
    filters,
    channels,
  ]);
}

function every(step: number, start: number, end: number): number[] {
  return Array.from({ length: Math.ceil((end - start) / step) }, (_, i) => start + i * step);
}

/** One matrix product a kernel row: the row's taps side by side, transposed, times the upstream gradient. */
function kernelGradient(dy: tf.Tensor4D, x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [height, width] = window.size;
  const [channels, filters] = [x.shape[3], dy.shape[3]];
  return tf.tidy(() => {
    const tap = readOffsets(padImages(x, window.padding), window);
    const gradients = tf.reshape<tf.Rank.R2>(dy, [-1, filters]); // [B Ho Wo, Cout]
    const rows = Array.from({ length: height }, (_, row) =>
      tf.tidy(() => {
        const taps = Array.from({ length: width }, (_unused, column) => tap(row, column));
        return matrixProduct(
          tf.reshape<tf.Rank.R2>(tf.concat(taps, 3), [-1, width * channels]),
          gradients,
          { transposeA: true },
        ); // [kw Cin, Cout]
      }),
    );
    return tf.reshape(tf.concat(rows, 0), [height, width, channels, filters]);
  });
}
