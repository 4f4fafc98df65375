import type { Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { tfjs } from './tfjs.js';

type Tfjs = ReturnType<typeof tfjs>;
type Window = ReturnType<Tfjs['backend_util']['computeConv2DInfo']>;

interface Attributes {
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Registers the gradients that tfjs's wasm backend lacks, by operations that it has, so that models of stock
 * convolutional layers can be trained: those of `conv2d` with respect to its kernel, and of `depthwiseConv2d`.
 */
export function registerWasmGradients(): void {
  const tf = tfjs();
  for (const [kernelName, compute] of Object.entries(gradients)) {
    if (tf.getKernel(kernelName, 'wasm') !== undefined) continue;
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(tf, { inputs, attrs })),
    });
  }
}

interface Call {
  readonly inputs: unknown;
  readonly attrs: unknown;
}

const gradients: Record<string, (tf: Tfjs, call: Call) => Tensor4D> = {
  Conv2DBackpropFilter(tf, call) {
    const { x, dy } = call.inputs as { x: Tensor4D; dy: Tensor4D };
    const { filterShape, ...attributes } = call.attrs as Attributes & { filterShape: Shape };
    const window = windowOf(tf, { ...attributes, imageShape: x.shape, filterShape });
    const [rows, columns, channels, filters] = filterShape;
    const flatDy = tf.reshape(dy, [-1, filters]); // [B Ho Wo, Cout]
    const products = patchesOf(tf, x, window).map((patch) =>
      tf.matMul(tf.reshape(patch, [-1, channels]), flatDy, true),
    );
    return tf.reshape(tf.stack(products), [rows, columns, channels, filters]);
  },

  DepthwiseConv2dNativeBackpropFilter(tf, call) {
    const { x, dy } = call.inputs as { x: Tensor4D; dy: Tensor4D };
    const { filterShape, ...attributes } = call.attrs as Attributes & { filterShape: Shape };
    const window = windowOf(tf, { ...attributes, imageShape: x.shape, filterShape }, true);
    const [rows, columns, channels, multiplier] = filterShape;
    const splitDy = tf.reshape(dy, [-1, channels, multiplier]); // [B Ho Wo, C, m]
    const products = patchesOf(tf, x, window).map((patch) =>
      tf.sum(tf.mul(tf.reshape(patch, [-1, channels, 1]), splitDy), 0),
    );
    return tf.reshape(tf.stack(products), [rows, columns, channels, multiplier]);
  },

  DepthwiseConv2dNativeBackpropInput(tf, call) {
    const { dy, filter } = call.inputs as { dy: Tensor4D; filter: Tensor4D };
    const { inputShape, ...attributes } = call.attrs as Attributes & { inputShape: Shape };
    const shapes = { imageShape: inputShape, filterShape: filter.shape };
    const window = windowOf(tf, { ...attributes, ...shapes }, true);
    const [, , channels, multiplier] = filter.shape;
    const { batchSize, outHeight, outWidth, inHeight, inWidth, padInfo } = window;
    const splitDy: Tensor5D = tf.reshape(dy, [
      batchSize,
      outHeight,
      outWidth,
      channels,
      multiplier,
    ]);
    const [height, width] = paddedSize(window);
    const parts = offsetsOf(window).map(({ row, column, top, left }) => {
      const weights = tf.reshape(tf.slice(filter, [row, column], [1, 1]), [channels, multiplier]);
      const spread = spreadByStride(tf, tf.sum(tf.mul(splitDy, weights), 4), window);
      const below = height - top - spread.shape[1];
      const right = width - left - spread.shape[2];
      return tf.pad(spread, [[0, 0], [top, below], [left, right], [0, 0]]); // prettier-ignore
    });
    const padded = tf.addN(parts);
    const start = [0, padInfo.top, padInfo.left, 0];
    return tf.slice(padded, start, [batchSize, inHeight, inWidth, channels]);
  },
};

type Shape = [number, number, number, number];

function windowOf(
  tf: Tfjs,
  options: Attributes & { readonly imageShape: Shape; readonly filterShape: Shape },
  depthwise = false,
): Window {
  const { imageShape, filterShape, strides, dilations = 1, pad, dimRoundingMode } = options;
  const geometry = [strides, dilations, pad, dimRoundingMode, depthwise] as const;
  return tf.backend_util.computeConv2DInfo(imageShape, filterShape, ...geometry);
}

/** Where each element of the kernel first touches the padded image. */
function offsetsOf({ filterHeight, filterWidth, dilationHeight, dilationWidth }: Window) {
  return Array.from({ length: filterHeight * filterWidth }, (_, i) => {
    const [row, column] = [Math.floor(i / filterWidth), i % filterWidth];
    return { row, column, top: row * dilationHeight, left: column * dilationWidth };
  });
}

function paddedSize({ inHeight, inWidth, padInfo }: Window): [height: number, width: number] {
  return [inHeight + padInfo.top + padInfo.bottom, inWidth + padInfo.left + padInfo.right];
}

/** What each element of the kernel, row by row, is multiplied with: [B, Ho, Wo, C] each. */
function patchesOf(tf: Tfjs, x: Tensor4D, window: Window): Tensor4D[] {
  const { padInfo, outHeight, outWidth, strideHeight, strideWidth } = window;
  const { top: above, bottom, left: before, right } = padInfo;
  const padded = tf.pad(x, [[0, 0], [above, bottom], [before, right], [0, 0]]); // prettier-ignore
  const [batch, , , channels] = x.shape;
  return offsetsOf(window).map(({ top, left }) => {
    const [lastRow, lastColumn] = [
      top + (outHeight - 1) * strideHeight,
      left + (outWidth - 1) * strideWidth,
    ];
    const end = [batch, lastRow + 1, lastColumn + 1, channels];
    return tf.stridedSlice(padded, [0, top, left, 0], end, [1, strideHeight, strideWidth, 1]);
  }) as Tensor4D[];
}

/** Puts stride - 1 zeros between rows and columns: [B, (Ho - 1) stride + 1, (Wo - 1) stride + 1, C]. */
function spreadByStride(tf: Tfjs, dy: ReturnType<Tfjs['sum']>, window: Window): Tensor4D {
  const { batchSize, outHeight, outWidth, strideHeight, strideWidth } = window;
  const channels = dy.shape[3] as number;
  const columns = tf.concat(
    [
      tf.reshape(dy, [-1, outWidth, 1, channels]),
      tf.zeros([batchSize * outHeight, outWidth, strideWidth - 1, channels]),
    ],
    2,
  );
  const width = outWidth * strideWidth;
  const rows = tf.concat(
    [
      tf.reshape(columns, [batchSize, outHeight, 1, width * channels]),
      tf.zeros([batchSize, outHeight, strideHeight - 1, width * channels]),
    ],
    2,
  );
  const spread: Tensor4D = tf.reshape(rows, [batchSize, -1, width, channels]);
  const size = [(outHeight - 1) * strideHeight + 1, (outWidth - 1) * strideWidth + 1];
  return tf.slice(spread, [0, 0, 0, 0], [batchSize, size[0], size[1], channels]);
}
