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
  /** Called once in the forward pass with the batch's mean and its unbiased variance, [C] each; the tensors live only during the call. */
  readonly onStatistics?: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void;
}

/**
 * Batch normalisation in training, as `torch.nn.BatchNorm2d`: normalises with the batch's mean and biased variance, hands
 * over the unbiased variance for the running statistics (spec 2.1).
 * @param x [B, H, W, C]
 * @param scale [C]
 * @param offset [C]
 * @returns [B, H, W, C]
 * @throws RangeError where there is only one value a channel, whose variance is undefined.
 */
export function batchNormTrain(x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D, options: BatchNormTrainOptions = {}): tf.Tensor4D {
  const { epsilon = 1e-5, activation = 'linear', onStatistics = () => undefined } = options;
  if (x.size <= x.shape[3]) throw new RangeError(`batch normalisation in training needs more than one value a channel, not the shape [${x.shape.join(', ')}]`);
  const inputs = { x, scale, offset };
  const settings = { epsilon, activation, onStatistics };
  const kernels = fastKernels();
  return kernels === null ? portableBatchNormTrain(inputs, settings) : nativeBatchNormTrain(kernels, inputs, settings);
}
