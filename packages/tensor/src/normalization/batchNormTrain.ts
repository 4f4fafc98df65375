import type * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';
import { nativeBatchNormTrain } from './nativeBatchNormTrain.js';
import { portableBatchNormTrain } from './portableBatchNormTrain.js';

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
export interface BatchNormTrainSettings {
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
