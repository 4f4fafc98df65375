import type * as tf from '@tensorflow/tfjs-core';
import { adaptiveAveragePool, adaptiveMaxPool } from '../operations/adaptivePool.js';
import {
  channelMax,
  channelMean,
  globalAveragePool,
  globalMaxPool,
} from '../operations/globalPool.js';
import { maxPool, type PoolOptions } from '../operations/maxPool.js';
import { resizeBilinear } from '../operations/resizeBilinear.js';
import { NdArray } from './ndArray.js';
import type { OperationCase } from './operationCase.js';

type Region = readonly [top: number, bottom: number, left: number, right: number];
type Reduction = (values: number[]) => number;

const POOLS: readonly {
  shape: readonly number[];
  size: number;
  stride: number;
  padding: number;
}[] = [
  { shape: [1, 7, 7, 3], size: 3, stride: 2, padding: 1 },
  { shape: [3, 8, 6, 2], size: 3, stride: 2, padding: 1 },
  { shape: [1, 7, 8, 16], size: 3, stride: 2, padding: 1 },
  { shape: [3, 6, 5, 2], size: 2, stride: 2, padding: 0 },
  { shape: [1, 6, 7, 2], size: 3, stride: 1, padding: 1 },
  { shape: [1, 9, 8, 2], size: 2, stride: 3, padding: 1 },
  { shape: [1, 5, 6, 3], size: 3, stride: 1, padding: 0 },
];

/** Smaller, larger and equal outputs, and bins that overlap. */
const SIZES: readonly (readonly [shape: readonly number[], size: readonly [number, number]])[] = [
  [
    [1, 7, 9, 3],
    [3, 5],
  ],
  [
    [3, 5, 4, 2],
    [5, 4],
  ],
  [
    [1, 13, 10, 1],
    [4, 3],
  ],
  [
    [3, 3, 4, 2],
    [5, 7],
  ],
  [
    [1, 6, 6, 4],
    [1, 1],
  ],
];

/** Windows of one size at one stride: a remainder along one axis, along both, none, and an unchanged size. */
const PLAIN_SIZES: readonly (readonly [
  shape: readonly number[],
  size: readonly [number, number],
])[] = [
  [
    [1, 7, 9, 3],
    [3, 3],
  ],
  [
    [2, 13, 11, 2],
    [4, 3],
  ],
  [
    [1, 6, 5, 1],
    [2, 5],
  ],
];

/** Pooling and interpolation, with inputs around zero and with all negative ones (spec 12.4). */
export const poolingCases: OperationCase[] = [
  ...POOLS.flatMap(({ shape, ...window }) => {
    const { size, stride, padding } = window;
    const pooled: OperationCase = {
      name: `maxPool ${shape.join('x')} size ${size} stride ${stride} padding ${padding}`,
      shapes: [shape],
      run: (x) => maxPool(x as tf.Tensor4D, window),
      reference: (x) =>
        regions(x, [outputSize(shape[1], window), outputSize(shape[2], window)], {
          region: (i, j) => [...windowAt(i, shape[1], window), ...windowAt(j, shape[2], window)],
          reduce: largest,
        }),
    };
    return [pooled, negative(pooled)];
  }),
  ...SIZES.flatMap(([shape, size]) => {
    const name = `${shape.join('x')} to ${size.join('x')}`;
    const bin = (i: number, j: number): Region => [
      ...adaptiveBin(i, shape[1], size[0]),
      ...adaptiveBin(j, shape[2], size[1]),
    ];
    const max: OperationCase = {
      name: `adaptiveMaxPool ${name}`,
      shapes: [shape],
      run: (x) => adaptiveMaxPool(x as tf.Tensor4D, size),
      reference: (x) => regions(x, size, { region: bin, reduce: largest }),
    };
    return [
      max,
      negative(max),
      {
        name: `adaptiveAveragePool ${name}`,
        shapes: [shape],
        run: (x) => adaptiveAveragePool(x as tf.Tensor4D, size),
        reference: (x) => regions(x, size, { region: bin, reduce: average }),
      },
      {
        name: `resizeBilinear ${name}`,
        shapes: [shape],
        run: (x) => resizeBilinear(x as tf.Tensor4D, size),
        reference: (x) => bilinear(x, size),
      },
    ] satisfies OperationCase[];
  }),
  ...PLAIN_SIZES.flatMap(([shape, size]) => {
    const name = `in plain bins ${shape.join('x')} to ${size.join('x')}`;
    const bin = (i: number, j: number): Region => [
      ...plainBin(i, shape[1], size[0]),
      ...plainBin(j, shape[2], size[1]),
    ];
    const max: OperationCase = {
      name: `adaptiveMaxPool ${name}`,
      shapes: [shape],
      run: (x) => adaptiveMaxPool(x as tf.Tensor4D, size, { bins: 'plain' }),
      reference: (x) => regions(x, size, { region: bin, reduce: largest }),
    };
    return [
      max,
      negative(max),
      {
        name: `adaptiveAveragePool ${name}`,
        shapes: [shape],
        run: (x) => adaptiveAveragePool(x as tf.Tensor4D, size, { bins: 'plain' }),
        reference: (x) => regions(x, size, { region: bin, reduce: average }),
      },
    ] satisfies OperationCase[];
  }),
  ...[
    [1, 5, 4, 3],
    [3, 4, 7, 2],
  ].flatMap((shape) => {
    const whole = (): Region => [0, shape[1], 0, shape[2]];
    const flat = (result: NdArray): NdArray => new NdArray([shape[0], shape[3]], result.data);
    const max: OperationCase = {
      name: `globalMaxPool ${shape.join('x')}`,
      shapes: [shape],
      run: (x) => globalMaxPool(x as tf.Tensor4D),
      reference: (x) => flat(regions(x, [1, 1], { region: whole, reduce: largest })),
    };
    const channels: OperationCase = {
      name: `channelMax ${shape.join('x')}`,
      shapes: [shape],
      run: (x) => channelMax(x as tf.Tensor4D),
      reference: (x) =>
        NdArray.from([...shape.slice(0, 3), 1], (b, i, j) =>
          largest(Array.from({ length: shape[3] }, (_, c) => x.get(b, i, j, c))),
        ),
    };
    return [
      max,
      negative(max),
      channels,
      {
        name: `channelMean ${shape.join('x')}`,
        shapes: [shape],
        run: (x) => channelMean(x as tf.Tensor4D),
        reference: (x) =>
          NdArray.from([...shape.slice(0, 3), 1], (b, i, j) =>
            average(Array.from({ length: shape[3] }, (_, c) => x.get(b, i, j, c))),
          ),
      },
      {
        name: `globalAveragePool ${shape.join('x')}`,
        shapes: [shape],
        run: (x) => globalAveragePool(x as tf.Tensor4D),
        reference: (x) => flat(regions(x, [1, 1], { region: whole, reduce: average })),
      },
    ] satisfies OperationCase[];
  }),
];

function negative(original: OperationCase): OperationCase {
  const inputs = (): NdArray[] =>
    original.shapes.map((shape, i) =>
      NdArray.from(shape, (...index) => Math.fround(NdArray.noise(shape, i + 1).get(...index) - 2)),
    );
  return { ...original, name: `${original.name}, all negative`, inputs };
}

function regions(
  x: NdArray,
  size: readonly [number, number],
  { region, reduce }: { region: (row: number, column: number) => Region; reduce: Reduction },
): NdArray {
  const [batch, , , channels] = x.shape;
  return NdArray.from([batch, ...size, channels], (...[image, row, column, channel]) => {
    const [top, bottom, left, right] = region(row, column);
    const values: number[] = [];
    for (let i = top; i < bottom; i++)
      for (let j = left; j < right; j++) values.push(x.get(image, i, j, channel));
    return reduce(values);
  });
}

function largest(values: number[]): number {
  return Math.max(...values);
}

function average(values: number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}

function outputSize(length: number, { size, stride, padding }: Required<PoolOptions>): number {
  return Math.floor((length + 2 * padding - size) / stride) + 1;
}

function windowAt(
  i: number,
  length: number,
  { size, stride, padding }: Required<PoolOptions>,
): [number, number] {
  return [Math.max(0, i * stride - padding), Math.min(length, i * stride - padding + size)];
}

function adaptiveBin(i: number, length: number, count: number): [number, number] {
  return [Math.floor((i * length) / count), Math.ceil(((i + 1) * length) / count)];
}

function plainBin(i: number, length: number, count: number): [number, number] {
  const stride = Math.floor(length / count);
  return [i * stride, length - (count - 1 - i) * stride];
}

function bilinear(x: NdArray, [height, width]: readonly [number, number]): NdArray {
  const [batch, rows, columns, channels] = x.shape;
  const source = (i: number, length: number, count: number): [number, number, number] => {
    const t = Math.max((i + 0.5) * (length / count) - 0.5, 0);
    return [Math.floor(t), Math.min(Math.floor(t) + 1, length - 1), t - Math.floor(t)];
  };
  return NdArray.from([batch, height, width, channels], (...[image, i, j, channel]) => {
    const [top, bottom, down] = source(i, rows, height);
    const [left, right, across] = source(j, columns, width);
    const row = (y: number): number =>
      (1 - across) * x.get(image, y, left, channel) + across * x.get(image, y, right, channel);
    return (1 - down) * row(top) + down * row(bottom);
  });
}
