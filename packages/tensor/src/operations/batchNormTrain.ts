import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { type Activation, fusedBatchNorm, fusedBatchNormBackward } from './fusedBatchNorm.js';
import { reluGradient } from './relu.js';
import { moveStatistics, type RunningStatistics } from './runningStatistics.js';
import {
  normalizationGroup,
  type NormalizationInputs,
  type NormalizationSettings,
  synchronizedBatchNorm,
} from './synchronizedBatchNorm.js';

/** Options of {@link batchNormTrain}. */
export interface BatchNormTrainOptions {
  /** gamma, [C]. */
  readonly scale: tf.Tensor1D;
  /** beta, [C]. */
  readonly offset: tf.Tensor1D;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** What follows the normalization. Default `linear`. */
  readonly activation?: Activation;
  /** Statistics for evaluation, updated with each batch. Default: none. */
  readonly running?: RunningStatistics;
}

/**
 * Batch normalization in training, as `torch.nn.BatchNorm2d`: normalizes with the batch's mean and biased variance, and
 * moves the running statistics towards the mean and the unbiased variance (spec 2.1). Within `synchronizeBatchNorm`, the
 * batch is that of all its processes.
 * @param x [B, H, W, C]
 * @returns [B, H, W, C]
 * @throws RangeError if there is only one value per channel, whose variance is undefined
 */
export function batchNormTrain(
  x: tf.Tensor4D,
  { scale, offset, epsilon = 1e-5, activation = 'linear', running }: BatchNormTrainOptions,
): tf.Tensor4D {
  const inputs = { x, scale, offset };
  const settings = { epsilon, activation, running };
  const group = normalizationGroup();
  if (group !== undefined) return synchronizedBatchNorm(group, inputs, settings);
  if (x.size <= x.shape[3])
    throw new RangeError(
      `batch normalization in training needs more than one value per channel, not the shape [${x.shape.join(', ')}]`,
    );
  const kernels = fastKernels();
  return kernels === null
    ? portableBatchNormTrain(inputs, settings)
    : nativeBatchNormTrain(kernels, inputs, settings);
}

/** By TensorFlow's fused kernels. */
function nativeBatchNormTrain(
  kernels: NativeKernels,
  inputs: NormalizationInputs,
  { epsilon, activation, running }: NormalizationSettings,
): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  // With a momentum of 1 the kernel takes no previous statistics.
  const previous = running !== undefined && running.momentum !== 1 ? running : undefined;
  const settings = {
    kernels,
    epsilon,
    activation,
    training: true,
    momentum: previous?.momentum ?? 1,
  };
  return differentiable({
    inputs,
    forward: (save) => {
      const statistics =
        previous === undefined
          ? [tf.tensor1d([]), tf.tensor1d([])]
          : [previous.mean, previous.variance];
      const [y, mean, variance, ...reserved] = fusedBatchNorm(settings, [
        x,
        scale,
        offset,
        ...statistics,
      ]);
      running?.update(mean as tf.Tensor1D, variance as tf.Tensor1D);
      save(activation === 'relu' ? [x, scale, ...reserved, y] : [x, scale, ...reserved]);
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => fusedBatchNormBackward(settings, dy, saved),
  });
}

const POSITIONS = [0, 1, 2];

/** By kernels that every tfjs backend has. */
function portableBatchNormTrain(
  inputs: NormalizationInputs,
  { epsilon, activation, running }: NormalizationSettings,
): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  const count = x.size / x.shape[3];
  return differentiable({
    inputs,
    forward: (save) => {
      const mean = tf.mean<tf.Tensor1D>(x, POSITIONS);
      const centered = tf.sub(x, mean);
      const variance = tf.mean<tf.Tensor1D>(tf.square(centered), POSITIONS);
      if (running !== undefined) moveStatistics(running, { count, mean, variance });
      const inverse = tf.rsqrt(tf.add(variance, epsilon)); // 1 / standard deviation, [C]
      const normal = tf.add<tf.Tensor4D>(tf.mul(centered, tf.mul(inverse, scale)), offset);
      const y = activation === 'relu' ? tf.relu(normal) : normal;
      save(activation === 'relu' ? [x, scale, mean, inverse, y] : [x, scale, mean, inverse]);
      return y;
    },
    backward: (dy: tf.Tensor4D, saved) => {
      const [savedX, savedScale, mean, inverse, y] = saved;
      const gradients = tf.tidy(() => {
        const upstream = y === undefined ? dy : reluGradient(dy, y);
        const normalized = tf.mul(tf.sub(savedX, mean), inverse); // [B, H, W, C]
        const dOffset = tf.sum(upstream, POSITIONS);
        const dScale = tf.sum(tf.mul(upstream, normalized), POSITIONS);
        const centered = tf.sub(
          upstream,
          tf.div(tf.add(tf.mul(normalized, dScale), dOffset), count),
        );
        return { x: tf.mul(centered, tf.mul(savedScale, inverse)), scale: dScale, offset: dOffset };
      });
      disposeAfterBackward(dy, saved);
      return { x: () => gradients.x, scale: () => gradients.scale, offset: () => gradients.offset };
    },
  });
}
