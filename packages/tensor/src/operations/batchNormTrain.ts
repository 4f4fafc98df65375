import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { fusedBatchNorm, fusedBatchNormBackward } from './fusedBatchNorm.js';
import { reluGradient } from './relu.js';

/** What follows a normalisation in the same pass. */
export type Activation = 'linear' | 'relu';

/** Options of {@link batchNormTrain}. */
export interface BatchNormTrainOptions {
  readonly epsilon?: number;
  readonly activation?: Activation;
  /** Statistics for evaluation that move with each batch; none where not given. */
  readonly running?: RunningStatistics;
}

/** Mean and unbiased variance over the batches so far, [C] each. */
export interface RunningStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  /** PyTorch's meaning: the share of the new batch. */
  readonly momentum: number;
  /** Called once in the forward pass with the moved statistics; the tensors live only during the call. */
  readonly update: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void;
}

/** What both ways to compute it are told. */
interface BatchNormTrainSettings {
  readonly epsilon: number;
  readonly activation: Activation;
  readonly running: RunningStatistics | undefined;
}

/**
 * Batch normalisation in training, as `torch.nn.BatchNorm2d`: normalises with the batch's mean and biased variance, moves
 * the running statistics towards the mean and the unbiased variance (spec 2.1).
 * @param x [B, H, W, C]
 * @param scale [C]
 * @param offset [C]
 * @returns [B, H, W, C]
 * @throws RangeError where there is only one value a channel, whose variance is undefined.
 */
export function batchNormTrain(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  options: BatchNormTrainOptions = {},
): tf.Tensor4D {
  const { epsilon = 1e-5, activation = 'linear', running } = options;
  if (x.size <= x.shape[3])
    throw new RangeError(
      `batch normalisation in training needs more than one value a channel, not the shape [${x.shape.join(', ')}]`,
    );
  const inputs = { x, scale, offset };
  const settings = { epsilon, activation, running };
  const kernels = fastKernels();
  return kernels === null
    ? portableBatchNormTrain(inputs, settings)
    : nativeBatchNormTrain(kernels, inputs, settings);
}

/** Batch normalisation in training by TensorFlow's fused kernels. */
function nativeBatchNormTrain(
  kernels: NativeKernels,
  inputs: BatchNormInputs,
  { epsilon, activation, running }: BatchNormTrainSettings,
): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  // With a share of 1 the kernel takes no statistics to move.
  const moving = running !== undefined && running.momentum !== 1 ? running : undefined;
  const settings = {
    kernels,
    epsilon,
    activation,
    training: true,
    batchShare: moving?.momentum ?? 1,
  };
  return differentiable({
    inputs,
    forward: (save) => {
      const before =
        moving === undefined ? [tf.tensor1d([]), tf.tensor1d([])] : [moving.mean, moving.variance];
      const [y, mean, variance, ...reserved] = fusedBatchNorm(settings, [
        x,
        scale,
        offset,
        ...before,
      ]);
      running?.update(mean as tf.Tensor1D, variance as tf.Tensor1D);
      save(activation === 'relu' ? [x, scale, ...reserved, y] : [x, scale, ...reserved]);
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => fusedBatchNormBackward(settings, dy, saved),
  });
}

/** What batch normalisation reads. */
export interface BatchNormInputs extends Record<string, tf.Tensor> {
  readonly x: tf.Tensor4D;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
}

const POSITIONS = [0, 1, 2];

/** Batch normalisation in training from kernels that every tfjs backend has. */
function portableBatchNormTrain(
  inputs: BatchNormInputs,
  { epsilon, activation, running }: BatchNormTrainSettings,
): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  const count = x.size / x.shape[3];
  return differentiable({
    inputs,
    forward: (save) => {
      const mean = tf.mean<tf.Tensor1D>(x, POSITIONS);
      const centred = tf.sub(x, mean);
      const variance = tf.mean<tf.Tensor1D>(tf.square(centred), POSITIONS);
      running?.update(
        moved(running.mean, mean, running.momentum),
        moved(running.variance, tf.mul(variance, count / (count - 1)), running.momentum),
      );
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const normal = tf.add<tf.Tensor4D>(tf.mul(centred, tf.mul(inverse, scale)), offset);
      const y = activation === 'relu' ? tf.relu(normal) : normal;
      save(activation === 'relu' ? [x, scale, mean, inverse, y] : [x, scale, mean, inverse]);
      return y;
    },
    backward: (dy: tf.Tensor4D, saved) => {
      const [savedX, savedScale, mean, inverse, y] = saved;
      const gradients = tf.tidy(() => {
        const upstream = y === undefined ? dy : reluGradient(dy, y);
        const normalised = tf.mul(tf.sub(savedX, mean), inverse); // [B, H, W, C]
        const dOffset = tf.sum(upstream, POSITIONS);
        const dScale = tf.sum(tf.mul(upstream, normalised), POSITIONS);
        const centred = tf.sub(
          upstream,
          tf.div(tf.add(tf.mul(normalised, dScale), dOffset), count),
        );
        return { x: tf.mul(centred, tf.mul(savedScale, inverse)), scale: dScale, offset: dOffset };
      });
      disposeAfterBackward(dy, saved);
      return { x: () => gradients.x, scale: () => gradients.scale, offset: () => gradients.offset };
    },
  });
}

function moved(before: tf.Tensor1D, batch: tf.Tensor1D, batchShare: number): tf.Tensor1D {
  return tf.add(tf.mul(before, 1 - batchShare), tf.mul(batch, batchShare));
}
