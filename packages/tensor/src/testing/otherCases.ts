import * as tf from '@tensorflow/tfjs-core';
import { batchNormInference } from '../operations/batchNormInference.js';
import { batchNormTrain } from '../operations/batchNormTrain.js';
import type { Activation } from '../operations/fusedBatchNorm.js';
import { interleaveChannels } from '../operations/interleaveChannels.js';
import { linear } from '../operations/linear.js';
import { matMul } from '../operations/matMul.js';
import { addRelu, relu } from '../operations/relu.js';
import { softmax } from '../operations/softmax.js';
import { softmaxCrossEntropy } from '../operations/softmaxCrossEntropy.js';
import { NdArray } from './ndArray.js';
import type { OperationCase } from './operationCase.js';

const EPSILON = 1e-5;
const IMAGES: readonly (readonly number[])[] = [
  [1, 5, 4, 3],
  [3, 4, 3, 8],
  [3, 2, 5, 4],
];

/** Operations that do not slide a window over an image. */
export const otherCases: OperationCase[] = [
  ...IMAGES.flatMap((shape) =>
    (['linear', 'relu'] as const).flatMap((activation) => [
      trainCase(shape, activation),
      inferenceCase(shape, activation),
    ]),
  ),
  ...[[6], [3, 5], [1, 4, 5, 3]].flatMap((shape) => [
    {
      name: `relu ${shape.join('x')}`,
      shapes: [shape],
      run: (x: tf.Tensor) => relu(x),
      reference: (x: NdArray) => NdArray.from(shape, (...i) => Math.max(0, x.get(...i))),
    },
    {
      name: `addRelu ${shape.join('x')}`,
      shapes: [shape, shape],
      run: (a: tf.Tensor, b: tf.Tensor) => addRelu(a, b),
      reference: (a: NdArray, b: NdArray) =>
        NdArray.from(shape, (...i) => Math.max(0, a.get(...i) + b.get(...i))),
    },
    {
      name: `softmax ${shape.join('x')}`,
      shapes: [shape],
      run: (x: tf.Tensor) => softmax(x),
      reference: (x: NdArray) => softmaxReference(x),
    },
  ]),
  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      [[], [3]].map((batch) => productCase(batch, transposeA, transposeB)),
    ),
  ),
  ...[[5], [2, 3, 4]].map((outer): OperationCase => ({
    name: `linear ${outer.join('x')}x3 to 4`,
    shapes: [[...outer, 3], [3, 4], [4]],
    run: (x, kernel, bias) => linear(x, kernel as tf.Tensor2D, bias as tf.Tensor1D),
    reference: (x, kernel, bias) =>
      NdArray.from(
        [...outer, 4],
        (...i) =>
          bias.get(i[outer.length]) +
          [0, 1, 2].reduce(
            (sum, k) => sum + x.get(...i.slice(0, -1), k) * kernel.get(k, i[outer.length]),
            0,
          ),
      ),
  })),
  {
    name: 'linear 5x3 to 4 without a bias',
    shapes: [
      [5, 3],
      [3, 4],
    ],
    run: (x, kernel) => linear(x, kernel as tf.Tensor2D),
    reference: (x, kernel) =>
      NdArray.from([5, 4], (i, j) =>
        [0, 1, 2].reduce((sum, k) => sum + x.get(i, k) * kernel.get(k, j), 0),
      ),
  },
  ...[
    [1, 3, 4, 3],
    [3, 2, 5, 1],
  ].map((shape): OperationCase => ({
    name: `interleaveChannels ${shape.join('x')}`,
    shapes: [shape, shape],
    run: (a, b) => interleaveChannels(a as tf.Tensor4D, b as tf.Tensor4D),
    reference: (a, b) =>
      NdArray.from([...shape.slice(0, 3), 2 * shape[3]], (...[image, i, j, c]) =>
        [a, b][c % 2].get(image, i, j, c >> 1),
      ),
  })),
  ...[undefined, [0.5, 1, 2, 0.25]].map((classWeights): OperationCase => ({
    name: `softmaxCrossEntropy ${classWeights === undefined ? '' : 'weighted'}`,
    shapes: [[3, 4]],
    run: (logits) =>
      tf.tidy(() =>
        softmaxCrossEntropy(logits as tf.Tensor2D, tf.tensor1d([0, 3, 1], 'int32'), {
          classWeights,
        }),
      ),
    reference: (logits) => crossEntropy(logits, [0, 3, 1], classWeights ?? [1, 1, 1, 1]),
  })),
];

function trainCase(shape: readonly number[], activation: Activation): OperationCase {
  const channels = shape[3];
  return {
    name: `batchNormTrain ${activation} ${shape.join('x')}`,
    shapes: [shape, [channels], [channels]],
    run: (x, scale, offset) =>
      batchNormTrain(x as tf.Tensor4D, {
        scale: scale as tf.Tensor1D,
        offset: offset as tf.Tensor1D,
        epsilon: EPSILON,
        activation,
      }),
    reference: (x, scale, offset) => {
      const values = (c: number): number[] =>
        Array.from({ length: x.data.length / channels }, (_, i) => x.data[i * channels + c]);
      const mean = Array.from({ length: channels }, (_, c) => average(values(c)));
      const variance = mean.map((center, c) =>
        average(values(c).map((value) => (value - center) ** 2)),
      );
      return normalized([x, scale, offset], { mean, variance, activation });
    },
  };
}

function inferenceCase(shape: readonly number[], activation: Activation): OperationCase {
  const channels = shape[3];
  const mean = Array.from({ length: channels }, (_, c) => 0.1 * c - 0.2);
  const variance = Array.from({ length: channels }, (_, c) => 0.5 + 0.25 * c);
  return {
    name: `batchNormInference ${activation} ${shape.join('x')}`,
    shapes: [shape, [channels], [channels]],
    run: (x, scale, offset) =>
      tf.tidy(() =>
        batchNormInference(x as tf.Tensor4D, {
          scale: scale as tf.Tensor1D,
          offset: offset as tf.Tensor1D,
          mean: tf.tensor1d(mean),
          variance: tf.tensor1d(variance),
          epsilon: EPSILON,
          activation,
        }),
      ),
    reference: (x, scale, offset) => normalized([x, scale, offset], { mean, variance, activation }),
  };
}

function normalized(
  [x, scale, offset]: [NdArray, NdArray, NdArray],
  { mean, variance, activation }: { mean: number[]; variance: number[]; activation: Activation },
): NdArray {
  return NdArray.from(x.shape, (...index) => {
    const c = index[3];
    const y =
      ((x.get(...index) - mean[c]) / Math.sqrt(variance[c] + EPSILON)) * scale.get(c) +
      offset.get(c);
    return activation === 'relu' ? Math.max(0, y) : y;
  });
}

function productCase(
  batch: readonly number[],
  transposeA: boolean,
  transposeB: boolean,
): OperationCase {
  const [n, k, m] = [4, 3, 5];
  return {
    name: `matMul ${batch.length > 0 ? 'of a batch' : ''} ${transposeA ? 'aT' : 'a'} ${transposeB ? 'bT' : 'b'}`,
    shapes: [
      [...batch, ...(transposeA ? [k, n] : [n, k])],
      [...batch, ...(transposeB ? [m, k] : [k, m])],
    ],
    run: (a, b) => matMul(a as tf.Tensor2D, b as tf.Tensor2D, { transposeA, transposeB }),
    reference: (a, b) =>
      NdArray.from([...batch, n, m], (...index) => {
        const [outer, i, j] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
        let sum = 0;
        for (let l = 0; l < k; l++)
          sum +=
            a.get(...outer, ...(transposeA ? [l, i] : [i, l])) *
            b.get(...outer, ...(transposeB ? [j, l] : [l, j]));
        return sum;
      }),
  };
}

function softmaxReference(x: NdArray): NdArray {
  const width = x.shape.at(-1)!;
  const row = (outer: number[]): number =>
    Array.from({ length: width }, (_, j) => Math.exp(x.get(...outer, j))).reduce((a, b) => a + b);
  return NdArray.from(x.shape, (...index) => Math.exp(x.get(...index)) / row(index.slice(0, -1)));
}

function crossEntropy(logits: NdArray, labels: number[], weights: readonly number[]): NdArray {
  const losses = labels.map(
    (label, i) => -Math.log(softmaxReference(logits).get(i, label)) * weights[label],
  );
  const total = labels.reduce((sum, label) => sum + weights[label], 0);
  return new NdArray([], Float64Array.of(losses.reduce((a, b) => a + b) / total));
}

function average(values: number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}
