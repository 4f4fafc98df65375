import type * as tf from '@tensorflow/tfjs-core';
import { conv2d } from '../operations/conv2d.js';
import { depthwiseConv2d } from '../operations/depthwiseConv2d.js';
import { NdArray } from './ndArray.js';
import type { OperationCase } from './operationCase.js';

type Geometry = readonly [
  batch: number,
  height: number,
  width: number,
  channels: number,
  size: number,
  stride: number,
  padding: number,
];

/** Odd, even and non-square images; windows that do not reach the far end; those of both backbones at small sizes. */
const GEOMETRIES: readonly Geometry[] = [
  [1, 7, 7, 3, 3, 1, 1],
  [3, 6, 5, 2, 3, 1, 1],
  [1, 8, 8, 3, 3, 2, 1],
  [3, 7, 8, 2, 3, 2, 1],
  [1, 5, 9, 8, 3, 2, 1],
  [1, 12, 11, 3, 7, 2, 3],
  [1, 14, 14, 1, 7, 2, 3],
  [1, 6, 4, 5, 1, 1, 0],
  [3, 6, 5, 4, 1, 2, 0],
  [1, 8, 8, 4, 1, 2, 0],
  [2, 8, 6, 5, 1, 2, 0],
  [1, 10, 8, 12, 1, 3, 0],
  [1, 6, 7, 2, 3, 1, 0],
  [1, 9, 8, 2, 3, 3, 0],
  [1, 5, 5, 2, 2, 1, 1],
  [1, 7, 6, 2, 5, 2, 2],
];

const FILTERS = 4;

/** Dense and depthwise convolutions. */
export const convolutionCases: OperationCase[] = GEOMETRIES.flatMap(
  ([batch, height, width, channels, size, stride, padding]) => {
    const title = `${batch}x${height}x${width}x${channels} window ${size} stride ${stride} padding ${padding}`;
    const x = [batch, height, width, channels];
    return [
      {
        name: `conv2d ${title}`,
        shapes: [x, [size, size, channels, FILTERS]],
        run: (images, kernel) =>
          conv2d(images as tf.Tensor4D, kernel as tf.Tensor4D, { stride, padding }),
        reference: (images, kernel) =>
          windowSums(images, kernel, {
            stride,
            padding,
            outputs: FILTERS,
            term: ([i, j], output, read) => {
              let sum = 0;
              for (let channel = 0; channel < channels; channel++)
                sum += read(channel) * kernel.get(i, j, channel, output);
              return sum;
            },
          }),
      },
      {
        name: `depthwiseConv2d ${title}`,
        shapes: [x, [size, size, channels, 1]],
        run: (images, kernel) =>
          depthwiseConv2d(images as tf.Tensor4D, kernel as tf.Tensor4D, { stride, padding }),
        reference: (images, kernel) =>
          windowSums(images, kernel, {
            stride,
            padding,
            outputs: channels,
            term: ([i, j], output, read) => read(output) * kernel.get(i, j, output, 0),
          }),
      },
    ] satisfies OperationCase[];
  },
);

/** What the pixel at one offset of a window adds to one output channel. */
type OffsetTerm = (
  offset: readonly [row: number, column: number],
  output: number,
  read: (channel: number) => number,
) => number;

/** Sum of `term` over the offsets of each window, skipping pixels outside the image. */
function windowSums(
  x: NdArray,
  kernel: NdArray,
  {
    stride,
    padding,
    outputs,
    term,
  }: { stride: number; padding: number; outputs: number; term: OffsetTerm },
): NdArray {
  const [batch, height, width] = x.shape;
  const [rows, columns] = kernel.shape;
  const size = [
    Math.floor((height + 2 * padding - rows) / stride) + 1,
    Math.floor((width + 2 * padding - columns) / stride) + 1,
  ];
  return NdArray.from([batch, ...size, outputs], (...[image, y0, x0, output]) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const [y, z] = [y0 * stride - padding + i, x0 * stride - padding + j];
        if (y >= 0 && y < height && z >= 0 && z < width)
          sum += term([i, j], output, (channel) => x.get(image, y, z, channel));
      }
    }
    return sum;
  });
}
