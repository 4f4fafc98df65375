import * as tf from '@tensorflow/tfjs-core';
import { chooseKernel } from '../native/kernelChoices.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { matrixProduct } from './matMul.js';
import { effectivePadding, explicitPadding, namedPadding } from './nativePadding.js';
import type { SlidingWindow } from './slidingWindow.js';

/** A convolution's kernel and its two gradients. */
export interface ConvolutionFamily {
  readonly forward: 'Conv2D' | 'DepthwiseConv2dNative';
  readonly input: 'Conv2DBackpropInput' | 'DepthwiseConv2dNativeBackpropInput';
  readonly filter: 'Conv2DBackpropFilter' | 'DepthwiseConv2dNativeBackpropFilter';
}

/** One convolution at one shape. */
interface Convolution {
  readonly kernels: NativeKernels;
  readonly family: ConvolutionFamily;
  readonly window: SlidingWindow;
  readonly filterShape: tf.Tensor4D['shape'];
}

type Candidates = Record<string, () => tf.Tensor4D>;

/**
 * Convolution by TensorFlow's kernels, oneDNN's or the plain ones, without copying the image to pad it where that can be
 * avoided. oneDNN's gradients ignore explicit padding (TensorFlow 2.21), so for them it must be SAME, VALID or a copy.
 */
export function nativeConvolution(
  kernels: NativeKernels,
  family: ConvolutionFamily,
  x: tf.Tensor4D,
  { kernel, window }: { kernel: tf.Tensor4D; window: SlidingWindow },
): tf.Tensor4D {
  const convolution: Convolution = { kernels, family, window, filterShape: kernel.shape };
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

function forward(
  { kernels, family, window, filterShape }: Convolution,
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
): tf.Tensor4D {
  const attributes = { ...common(window), ...explicitPadding(window) };
  const fast = oneDnn(kernels, family.forward, attributes);
  const candidates: Candidates = {};
  if (fast !== undefined) candidates.oneDnn = () => single(kernels, fast, [x, kernel]);
  candidates.plain = () => single(kernels, { name: family.forward, attributes }, [x, kernel]);
  if (isProduct(family, window))
    candidates.product = () =>
      tf.reshape<tf.Rank.R4>(matrixProduct(asRows(x), asRows(kernel)), [
        window.input[0],
        ...window.output,
        filterShape[3],
      ]);
  return chooseKernel(keyOf(family.forward, window, filterShape), candidates);
}

function inputGradient(
  { kernels, family, window, filterShape }: Convolution,
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
): tf.Tensor4D {
  const sizes = tf.tensor1d([...window.input], 'int32');
  const plain = {
    name: family.input,
    attributes: { ...common(window), ...explicitPadding(window) },
  };
  const named = namedPadding(window);
  const fast = oneDnn(kernels, family.input, {
    ...common(window),
    ...(named ?? { padding: 'VALID' }),
  });
  const candidates: Candidates = {};
  if (fast !== undefined && named !== undefined)
    candidates.oneDnn = () => single(kernels, fast, [sizes, kernel, dy]);
  if (fast !== undefined && named === undefined) {
    const [[top], [left]] = effectivePadding(window);
    candidates.oneDnnPadded = () =>
      tf.slice4d(
        single(kernels, fast, [tf.tensor1d(paddedShape(window), 'int32'), kernel, dy]),
        [0, top, left, 0],
        [...window.input],
      );
  }
  candidates.plain = () => single(kernels, plain, [sizes, kernel, dy]);
  if (isProduct(family, window))
    candidates.product = () =>
      tf.reshape(matrixProduct(asRows(dy), asRows(kernel), { transposeB: true }), [
        ...window.input,
      ]);
  return chooseKernel(keyOf(family.input, window, filterShape), candidates);
}

function filterGradient(
  { kernels, family, window, filterShape }: Convolution,
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
): tf.Tensor4D {
  const sizes = tf.tensor1d([...filterShape], 'int32');
  const plain = {
    name: family.filter,
    attributes: { ...common(window), ...explicitPadding(window) },
  };
  const named = namedPadding(window);
  const fast = oneDnn(kernels, family.filter, {
    ...common(window),
    ...(named ?? { padding: 'VALID' }),
  });
  const candidates: Candidates = {};
  if (isProduct(family, window))
    candidates.product = () =>
      tf.reshape(matrixProduct(asRows(x), asRows(dy), { transposeA: true }), filterShape);
  if (fast !== undefined && named !== undefined)
    candidates.oneDnn = () => single(kernels, fast, [x, sizes, dy]);
  if (fast !== undefined && named === undefined) {
    const [rows, columns] = effectivePadding(window);
    candidates.oneDnnPadded = () =>
      single(kernels, fast, [tf.pad4d(x, [[0, 0], [...rows], [...columns], [0, 0]]), sizes, dy]);
  }
  candidates.plain = () => single(kernels, plain, [x, sizes, dy]);
  return chooseKernel(keyOf(family.filter, window, filterShape), candidates);
}

/** Whether the convolution is a matrix product of pixels and filters. */
function isProduct(
  { forward: name }: ConvolutionFamily,
  { size, stride, padding }: SlidingWindow,
): boolean {
  return name === 'Conv2D' && size[0] * size[1] === 1 && stride === 1 && padding === 0;
}

/** [..., C] -> [n, C] */
function asRows(x: tf.Tensor4D): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[3]]);
}

function common({ stride }: SlidingWindow) {
  return {
    T: { type: 'float32' },
    strides: [1, stride, stride, 1],
    data_format: 'NHWC',
    dilations: [1, 1, 1, 1],
  } as const;
}

function single(
  kernels: NativeKernels,
  { name, attributes }: { name: string; attributes: Parameters<NativeKernels['run']>[1] },
  inputs: tf.Tensor[],
): tf.Tensor4D {
  return kernels.run(name, attributes, inputs, 1)[0] as tf.Tensor4D;
}

function paddedShape(window: SlidingWindow): number[] {
  const [batch, height, width, channels] = window.input;
  const [[top, bottom], [left, right]] = effectivePadding(window);
  return [batch, height + top + bottom, width + left + right, channels];
}

function keyOf(
  name: string,
  { input, stride, padding }: SlidingWindow,
  filterShape: readonly number[],
): string {
  return `${name} ${input.join('x')} kernel ${filterShape.join('x')} stride ${stride} padding ${padding}`;
}
