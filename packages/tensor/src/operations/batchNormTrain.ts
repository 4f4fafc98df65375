import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { type Activation, fusedBatchNorm, fusedBatchNormBackward } from './fusedBatchNorm.js';
import { reluGradient } from './relu.js';

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

/** Mean and unbiased variance over the batches so far, [C] each. */
export interface RunningStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  /** PyTorch's meaning: the weight of the new batch. */
  readonly momentum: number;
  /** Called once in the forward pass with the updated statistics; the tensors live only during the call. */
  readonly update: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void;
}

/**
 * Batch normalization in training, as `torch.nn.BatchNorm2d`: normalizes with the batch's mean and biased variance, and
 * moves the running statistics towards the mean and the unbiased variance (spec 2.1).
 * @param x [B, H, W, C]
 * @returns [B, H, W, C]
 * @throws RangeError if there is only one value per channel, whose variance is undefined
 */
export function batchNormTrain(
  x: tf.Tensor4D,
  { scale, offset, epsilon = 1e-5, activation = 'linear', running }: BatchNormTrainOptions,
): tf.Tensor4D {
  if (x.size <= x.shape[3])
    throw new RangeError(
      `batch normalization in training needs more than one value per channel, not the shape [${x.shape.join(', ')}]`,
    );
  const inputs = { x, scale, offset };
  const settings = { epsilon, activation, running };
  const kernels = fastKernels();
  return kernels === null
    ? portableBatchNormTrain(inputs, settings)
    : nativeBatchNormTrain(kernels, inputs, settings);
}

type Inputs = {
  readonly x: tf.Tensor4D;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
};

interface Settings {
  readonly epsilon: number;
  readonly activation: Activation;
  readonly running: RunningStatistics | undefined;
}

/** By TensorFlow's fused kernels. */
function nativeBatchNormTrain(
  kernels: NativeKernels,
  inputs: Inputs,
  { epsilon, activation, running }: Settings,
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
  inputs: Inputs,
  { epsilon, activation, running }: Settings,
): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  const count = x.size / x.shape[3];
  return differentiable({
    inputs,
    forward: (save) => {
      const mean = tf.mean<tf.Tensor1D>(x, POSITIONS);
      const centered = tf.sub(x, mean);
      const variance = tf.mean<tf.Tensor1D>(tf.square(centered), POSITIONS);
      running?.update(
        movingAverage(running.mean, mean, running.momentum),
        movingAverage(running.variance, tf.mul(variance, count / (count - 1)), running.momentum),
      );
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

function movingAverage(previous: tf.Tensor1D, batch: tf.Tensor1D, momentum: number): tf.Tensor1D {
  return tf.add(tf.mul(previous, 1 - momentum), tf.mul(batch, momentum));
}
