import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { batchNormInference } from './batchNormInference.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { type Activation, fusedBatchNorm, fusedBatchNormGradient } from './fusedBatchNorm.js';
import { reluGradient } from './relu.js';
import {
  type BatchStatistics,
  moveStatistics,
  type RunningStatistics,
} from './runningStatistics.js';

/** Processes whose parts batch normalization treats as one batch; see {@link synchronizeBatchNorm}. */
export interface NormalizationGroup {
  /** Number of processes. */
  readonly members: number;
  /** Index of this one. */
  readonly member: number;
  /** The elementwise sum of every member's tensor, with the same bits for all of them. */
  sum(this: void, tensor: tf.Tensor): tf.Tensor;
  /**
   * Whether the images of this process count; default true. One without images computes with any image, so that it makes the
   * same calls as the others; its gradients are then 0, provided that it differentiates 0.
   */
  readonly counts?: boolean;
}

let current: NormalizationGroup | undefined;

/**
 * Within `compute`, `batchNormTrain` normalizes with the statistics of all members' batches together (PyTorch's
 * `SyncBatchNorm`), in the forward pass and in gradients, with one sum over the members in each. All members compute the same
 * operations, and each differentiates its term of one sum: what it gets is then its term of the gradient of that sum.
 * Sums over members cannot be part of a graph, so that `compute` must not run inside `asGraph`.
 * @param compute returns when it is done, gradients included
 */
export function synchronizeBatchNorm<Result>(
  group: NormalizationGroup,
  compute: () => Result,
): Result {
  const outer = current;
  current = group;
  try {
    return compute();
  } finally {
    current = outer;
  }
}

/** The processes of the {@link synchronizeBatchNorm} that runs now. */
export const normalizationGroup = (): NormalizationGroup | undefined => current;

/** Inputs of a batch normalization: x [B, H, W, C], scale and offset [C]; or their gradients. */
export type NormalizationInputs = {
  readonly x: tf.Tensor4D;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
};

/** Resolved options of a batch normalization in training. */
export interface NormalizationSettings {
  readonly epsilon: number;
  readonly activation: Activation;
  readonly running: RunningStatistics | undefined;
}

/**
 * `batchNormTrain` over all members of a group.
 *
 * Backward pass: with x' = (x - mean) / std over the N values of all members, and dy the gradient of one sum of all members'
 * terms, dx = scale / std * (dy - (sum(dy) + x' * sum(dy * x')) / N), where both sums are over all members. The gradients of
 * scale and offset are this member's terms of those sums.
 */
export function synchronizedBatchNorm(
  group: NormalizationGroup,
  inputs: NormalizationInputs,
  { epsilon, activation, running }: NormalizationSettings,
): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  const counts = group.counts !== false;
  let count = 0;
  return differentiable({
    inputs: { x, scale, offset },
    forward: (save) => {
      const merged = mergeStatistics(group, counts ? ownStatistics(inputs, epsilon) : undefined, {
        channels: x.shape[3],
      });
      const { mean, variance } = merged;
      count = merged.count;
      if (running !== undefined) moveStatistics(running, merged);
      const y = batchNormInference(x, { scale, offset, mean, variance, epsilon, activation });
      save(activation === 'relu' ? [x, scale, mean, variance, y] : [x, scale, mean, variance]);
      return y;
    },
    backward: (dy: tf.Tensor4D, saved) => {
      const gradients = tf.tidy(() => {
        const [savedX, savedScale, mean, variance, y] = saved as [
          tf.Tensor4D,
          tf.Tensor1D,
          tf.Tensor1D,
          tf.Tensor1D,
          tf.Tensor4D?,
        ];
        const statistics = { mean, variance, epsilon };
        const upstream = y === undefined ? dy : reluGradient(dy, y);
        const own = frozenGradients(upstream, savedX, { ...statistics, scale: savedScale });
        const sums = tf.concat([own.offset, own.scale]);
        const [sumOfDy, sumOfProducts] = tf.split<tf.Tensor1D>(
          group.sum(counts ? sums : tf.zerosLike(sums)),
          2,
        );
        if (!counts) return own;
        // The part of dx through the statistics has the form of a normalization: a * x' + b.
        const factor = tf.mul<tf.Tensor1D>(
          tf.mul(savedScale, tf.rsqrt(tf.add(variance, epsilon))),
          -1 / count,
        );
        const throughStatistics = batchNormInference(savedX, {
          ...statistics,
          scale: tf.mul(factor, sumOfProducts),
          offset: tf.mul(factor, sumOfDy),
        });
        return { ...own, x: tf.add(own.x, throughStatistics) };
      });
      disposeAfterBackward(dy, saved);
      return { x: () => gradients.x, scale: () => gradients.scale, offset: () => gradients.offset };
    },
  });
}

const POSITIONS = [0, 1, 2];

/** Mean and biased variance of this member's part. */
function ownStatistics(
  { x, scale, offset }: NormalizationInputs,
  epsilon: number,
): BatchStatistics {
  const count = x.size / x.shape[3];
  const kernels = fastKernels();
  if (kernels === null) {
    const mean = tf.mean<tf.Tensor1D>(x, POSITIONS);
    return { count, mean, variance: tf.mean(tf.square(tf.sub(x, mean)), POSITIONS) };
  }
  const settings = { kernels, epsilon, activation: 'linear', training: true } as const;
  const none = tf.tensor1d([]);
  const [y, mean, unbiased] = fusedBatchNorm(settings, [x, scale, offset, none, none]);
  y.dispose(); // before the next large tensor is allocated
  return { count, mean: mean as tf.Tensor1D, variance: tf.mul(unbiased, (count - 1) / count) };
}

/**
 * Statistics of all members' parts together, with the same bits for all: each fills its row of a table of zeros, [members,
 * 1 + 2 C], of which the sum over the members is the whole table. The parts are merged as by Chan, Golub and LeVeque (1983),
 * https://doi.org/10.1080/00031305.1983.10483115, in float64 and in the order of the members.
 * @param own undefined for a member that does not count
 * @throws RangeError if there is only one value per channel, whose variance is undefined
 */
function mergeStatistics(
  { members, member, sum }: NormalizationGroup,
  own: BatchStatistics | undefined,
  { channels }: { readonly channels: number },
): BatchStatistics {
  const width = 1 + 2 * channels;
  const row = new Float32Array(members * width);
  if (own !== undefined) {
    row[member * width] = own.count;
    row.set(own.mean.dataSync(), member * width + 1);
    row.set(own.variance.dataSync(), member * width + 1 + channels);
  }
  const table = sum(tf.tensor1d(row)).dataSync();
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  let count = 0;
  for (let start = 0; start < table.length; start += width) {
    const added = table[start];
    if (added === 0) continue;
    count += added;
    const share = added / count;
    for (let channel = 0; channel < channels; channel++) {
      const difference = table[start + 1 + channel] - mean[channel];
      mean[channel] += difference * share;
      variance[channel] +=
        (table[start + 1 + channels + channel] - variance[channel]) * share +
        difference ** 2 * share * (1 - share);
    }
  }
  if (count <= 1)
    throw new RangeError(
      `batch normalization in training needs more than one value per channel, not ${count} over all processes`,
    );
  return {
    count,
    mean: tf.tensor1d(Float32Array.from(mean)),
    variance: tf.tensor1d(Float32Array.from(variance)),
  };
}

/** Gradients of a normalization with given statistics, by TensorFlow's fused kernel or those that every tfjs backend has. */
function frozenGradients(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  {
    scale,
    mean,
    variance,
    epsilon,
  }: {
    readonly scale: tf.Tensor1D;
    readonly mean: tf.Tensor1D;
    readonly variance: tf.Tensor1D;
    readonly epsilon: number;
  },
): NormalizationInputs {
  const kernels = fastKernels();
  if (kernels !== null) {
    const settings = { kernels, epsilon, activation: 'linear', training: false } as const;
    // The third is for GPUs.
    const inputs = [dy, x, scale, mean, variance, tf.tensor1d([])];
    const [dx, dScale, dOffset] = fusedBatchNormGradient(settings, inputs);
    return { x: dx as tf.Tensor4D, scale: dScale as tf.Tensor1D, offset: dOffset as tf.Tensor1D };
  }
  const inverse = tf.rsqrt(tf.add(variance, epsilon)); // 1 / standard deviation, [C]
  return {
    x: tf.mul(dy, tf.mul(scale, inverse)),
    scale: tf.sum(tf.mul(dy, tf.mul(tf.sub(x, mean), inverse)), POSITIONS),
    offset: tf.sum(dy, POSITIONS),
  };
}
