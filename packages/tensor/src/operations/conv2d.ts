import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { matrixProduct } from './matMul.js';
import { nativeConvolution } from './nativeConvolution.js';
import { type SlidingWindow, slidingWindow, type WindowOptions } from './slidingWindow.js';
import { imageFromPhases, padImages, phaseSize, readOffsets } from './windowOffsets.js';

/**
 * Convolution with PyTorch's geometry: symmetric padding, output floor((n + 2 padding - k) / stride) + 1
 * (`torch.nn.functional.conv2d`; TF's 'same' differs from it for even sizes, spec 2.1).
 * @param x [B, H, W, Cin]
 * @param kernel [kh, kw, Cin, Cout]
 * @returns [B, Ho, Wo, Cout]
 * @throws RangeError if the kernel does not fit the images
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
    : nativeConvolution(x, kernel, { kernels, name: 'Conv2D', window });
}

/**
 * Convolution by kernels that every tfjs backend has and runs fast. The wasm backend lacks `Conv2DBackpropFilter` (spec
 * 12.3), and its `Conv2DBackpropInput` takes ten times as long as a forward convolution, so both gradients are computed
 * by forward kernels.
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

/** Each phase of the image is read at every stride-th offset: the full convolution of dy with this part of the kernel, flipped. */
function inputGradient(dy: tf.Tensor4D, kernel: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [rows, columns] = phaseSize(window);
  return imageFromPhases(window, kernel.shape[2], (row, column) => {
    const flipped = flippedKernel(kernel, { row, column, stride: window.stride });
    const [above, before] = [flipped.shape[0] - 1, flipped.shape[1] - 1];
    const padded = tf.pad4d(dy, [
      [0, 0],
      [above, rows - dy.shape[1]],
      [before, columns - dy.shape[2]],
      [0, 0],
    ]);
    return tf.conv2d(padded, flipped, 1, 'valid');
  });
}

/** Every stride-th offset from (row, column), in reverse order, with channels and filters exchanged: [a, b, Cout, Cin]. */
function flippedKernel(
  kernel: tf.Tensor4D,
  { row, column, stride }: { row: number; column: number; stride: number },
): tf.Tensor4D {
  const [height, width, channels, filters] = kernel.shape;
  const rows = range(row, height, stride).reverse();
  const columns = range(column, width, stride).reverse();
  const indices = rows.flatMap((i) => columns.map((j) => i * width + j));
  const offsets = tf.reshape<tf.Rank.R3>(kernel, [height * width, channels, filters]);
  // Slices are faster than gather or reverse on wasm.
  const parts = indices.map((index) => tf.slice3d(offsets, [index, 0, 0], [1, channels, filters]));
  const transposed = tf.transpose(tf.concat3d(parts, 0), [0, 2, 1]); // [a b, Cout, Cin]
  return tf.reshape(transposed, [rows.length, columns.length, filters, channels]);
}

function range(start: number, end: number, step: number): number[] {
  return Array.from({ length: Math.ceil((end - start) / step) }, (_, i) => start + i * step);
}

/** One matrix product per kernel row: the pixels at the row's offsets, transposed, times the upstream gradient. */
function kernelGradient(dy: tf.Tensor4D, x: tf.Tensor4D, window: SlidingWindow): tf.Tensor4D {
  const [height, width] = window.size;
  const [channels, filters] = [x.shape[3], dy.shape[3]];
  return tf.tidy(() => {
    const read = readOffsets(padImages(x, window.padding), window);
    const gradients = tf.reshape<tf.Rank.R2>(dy, [-1, filters]); // [B Ho Wo, Cout]
    const rows = Array.from({ length: height }, (_, row) =>
      tf.tidy(() => {
        const pixels = Array.from({ length: width }, (_unused, column) => read(row, column));
        const matrix = tf.reshape<tf.Rank.R2>(tf.concat(pixels, 3), [-1, width * channels]); // [B Ho Wo, kw Cin]
        return matrixProduct(matrix, gradients, { transposeA: true }); // [kw Cin, Cout]
      }),
    );
    return tf.reshape(tf.concat(rows, 0), [height, width, channels, filters]);
  });
}
