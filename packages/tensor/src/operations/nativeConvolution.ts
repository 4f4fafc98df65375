import * as tf from '@tensorflow/tfjs-core';
import type { KernelAttributes } from '../native/kernelAttributes.js';
import { chooseProductKernel } from '../native/kernelChoices.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { matrixProduct } from './matMul.js';
import { effectivePadding, explicitPadding, namedPadding } from './nativePadding.js';
import type { SlidingWindow } from './slidingWindow.js';

/** TensorFlow's convolution to use; its gradients are `<name>BackpropInput` and `<name>BackpropFilter`. */
type ConvolutionName = 'Conv2D' | 'DepthwiseConv2dNative';

interface NativeConvolutionOptions {
  readonly kernels: NativeKernels;
  readonly name: ConvolutionName;
  readonly window: SlidingWindow;
}

/** One convolution at one shape. */
interface Convolution extends NativeConvolutionOptions {
  readonly filterShape: tf.Tensor4D['shape'];
}

type Candidates = Record<string, () => tf.Tensor4D>;

/**
 * Convolution by TensorFlow's kernels, oneDNN's or the plain ones, without copying the image to pad it if that can be
 * avoided. oneDNN's gradients ignore explicit padding (TensorFlow 2.21), so they need SAME, VALID or a padded copy.
 * @param x [B, H, W, Cin]
 * @param kernel [kh, kw, Cin, Cout], depthwise [kh, kw, C, 1]
 * @returns [B, Ho, Wo, Cout]
 */
export function nativeConvolution(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: NativeConvolutionOptions,
): tf.Tensor4D {
  const convolution: Convolution = { ...options, filterShape: kernel.shape };
  return differentiable({
    inputs: { x, kernel },
    forward: (save) => {
      save([x, kernel]);
      return forward(convolution, x, kernel);
    },
    backward: (dy: tf.Tensor4D, [savedX, savedKernel]) => ({
      x: () => inputGradient(convolution, dy, savedKernel as tf.Tensor4D),
      kernel: () => {
        const gradient = filterGradient(convolution, dy, savedX as tf.Tensor4D);
        disposeAfterBackward(dy, [savedX, savedKernel]);
        return gradient;
      },
    }),
  });
}

function forward(convolution: Convolution, x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  const { kernels, name, window, filterShape } = convolution;
  const plain = { name, attributes: { ...commonAttributes(window), ...explicitPadding(window) } };
  const fast = oneDnn(kernels, plain);
  const candidates: Candidates = {};
  if (fast !== undefined) candidates.oneDnn = () => kernels.run(fast, [x, kernel]) as tf.Tensor4D;
  candidates.plain = () => kernels.run(plain, [x, kernel]) as tf.Tensor4D;
  if (isMatrixProduct(convolution)) {
    const [batch] = window.input;
    candidates.product = () =>
      tf.reshape(matrixProduct(asRows(x), asRows(kernel)), [
        batch,
        ...window.output,
        filterShape[3],
      ]);
  }
  return chooseProductKernel(choiceKey(name, convolution), candidates);
}

function inputGradient(
  convolution: Convolution,
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
): tf.Tensor4D {
  const { kernels, window } = convolution;
  const inputShape = [...window.input] as tf.Tensor4D['shape'];
  const sizes = tf.tensor1d(inputShape, 'int32');
  const { name, plain, fast, padsByCopy } = gradientKernels(convolution, 'BackpropInput');
  const candidates: Candidates = {};
  if (fast !== undefined && !padsByCopy)
    candidates.oneDnn = () => kernels.run(fast, [sizes, kernel, dy]) as tf.Tensor4D;
  if (fast !== undefined && padsByCopy) {
    const [batch, height, width, channels] = inputShape;
    const [[top, bottom], [left, right]] = effectivePadding(window);
    const paddedShape = [batch, height + top + bottom, width + left + right, channels];
    candidates.oneDnnPadded = () => {
      const padded = kernels.run(fast, [tf.tensor1d(paddedShape, 'int32'), kernel, dy]);
      return tf.slice4d(padded as tf.Tensor4D, [0, top, left, 0], inputShape);
    };
  }
  candidates.plain = () => kernels.run(plain, [sizes, kernel, dy]) as tf.Tensor4D;
  if (isMatrixProduct(convolution))
    candidates.product = () =>
      tf.reshape(matrixProduct(asRows(dy), asRows(kernel), { transposeB: true }), inputShape);
  return chooseProductKernel(choiceKey(name, convolution), candidates);
}

function filterGradient(convolution: Convolution, dy: tf.Tensor4D, x: tf.Tensor4D): tf.Tensor4D {
  const { kernels, window, filterShape } = convolution;
  const sizes = tf.tensor1d([...filterShape], 'int32');
  const { name, plain, fast, padsByCopy } = gradientKernels(convolution, 'BackpropFilter');
  const candidates: Candidates = {};
  if (isMatrixProduct(convolution))
    candidates.product = () =>
      tf.reshape(matrixProduct(asRows(x), asRows(dy), { transposeA: true }), filterShape);
  const usable = hasFaultyFilterGradient(convolution) ? undefined : fast;
  if (usable !== undefined && !padsByCopy)
    candidates.oneDnn = () => kernels.run(usable, [x, sizes, dy]) as tf.Tensor4D;
  if (usable !== undefined && padsByCopy) {
    const [rows, columns] = effectivePadding(window);
    candidates.oneDnnPadded = () => {
      const padded = tf.pad4d(x, [[0, 0], [...rows], [...columns], [0, 0]]);
      return kernels.run(usable, [padded, sizes, dy]) as tf.Tensor4D;
    };
  }
  candidates.plain = () => kernels.run(plain, [x, sizes, dy]) as tf.Tensor4D;
  return chooseProductKernel(choiceKey(name, convolution), candidates);
}

/** The kernels of a gradient. `padsByCopy` means that oneDNN's kernel has to work on a padded copy of the image. */
function gradientKernels<Suffix extends 'BackpropInput' | 'BackpropFilter'>(
  { kernels, name: forwardName, window }: Convolution,
  suffix: Suffix,
) {
  const name = `${forwardName}${suffix}` as const;
  const common = commonAttributes(window);
  const padding = namedPadding(window);
  return {
    name,
    plain: { name, attributes: { ...common, ...explicitPadding(window) } },
    fast: oneDnn(kernels, {
      name,
      attributes: { ...common, ...(padding ?? { padding: 'VALID' }) },
    }),
    padsByCopy: padding === undefined,
  };
}

/**
 * Whether oneDNN's weight gradient is wrong. On processors without AVX-512 it adds pixels between the strides for windows of
 * one pixel and fewer input channels than a register holds numbers (seen with 1 to 5 of 8; decision 4).
 */
function hasFaultyFilterGradient({ window: { size, stride, input } }: Convolution): boolean {
  return size[0] * size[1] === 1 && stride > 1 && input[3] < 16;
}

/** Whether the convolution is a matrix product of pixels and filters. */
function isMatrixProduct({ name, window: { size, stride, padding } }: Convolution): boolean {
  return name === 'Conv2D' && size[0] * size[1] === 1 && stride === 1 && padding === 0;
}

/** [..., C] -> [n, C] */
function asRows(x: tf.Tensor4D): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[3]]);
}

function commonAttributes({ stride }: SlidingWindow): KernelAttributes {
  return {
    T: { type: 'float32' },
    strides: [1, stride, stride, 1],
    data_format: 'NHWC',
    dilations: [1, 1, 1, 1],
  };
}

function choiceKey(
  kernel: string,
  { window: { input, stride, padding }, filterShape }: Convolution,
): string {
  return `${kernel} ${input.join('x')} kernel ${filterShape.join('x')} stride ${stride} padding ${padding}`;
}
