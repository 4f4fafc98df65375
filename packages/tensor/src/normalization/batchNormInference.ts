import type * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';
import type { Activation } from './batchNormTrain.js';
import { nativeBatchNormInference } from './nativeBatchNormInference.js';
import { portableBatchNormInference } from './portableBatchNormInference.js';

/** Options of {@link batchNormInference}. */
export interface BatchNormInferenceOptions {
  /** [C] */
  readonly mean: tf.Tensor1D;
  /** [C], biased or not as the running statistics are. */
  readonly variance: tf.Tensor1D;
  readonly epsilon?: number;
  readonly activation?: Activation;
}

/**
 * Batch normalisation with given statistics, as `torch.nn.BatchNorm2d` in evaluation mode. Differentiable in x, scale and
 * offset, so that Grad-CAM and training with frozen statistics work.
 * @param x [B, H, W, C]
 * @param scale [C]
 * @param offset [C]
 * @returns [B, H, W, C]
 */
export function batchNormInference(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  options: BatchNormInferenceOptions,
): tf.Tensor4D {
  const { mean, variance, epsilon = 1e-5, activation = 'linear' } = options;
  const inputs = { x, scale, offset };
  const settings = { mean, variance, epsilon, activation };
  const kernels = fastKernels();
  return kernels === null
    ? portableBatchNormInference(inputs, settings)
    : nativeBatchNormInference(kernels, inputs, settings);
}
