import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import type { Activation, BatchNormInputs } from './batchNormTrain.js';
import { differentiable } from './differentiable.js';
import { fusedBatchNorm, fusedBatchNormBackward } from './fusedBatchNorm.js';
import { relu } from './relu.js';

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

/** Batch normalisation with given statistics by TensorFlow's fused kernels. */
function nativeBatchNormInference(
  kernels: NativeKernels,
  inputs: BatchNormInputs,
  { mean, variance, epsilon, activation }: Required<BatchNormInferenceOptions>,
): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  const settings = { kernels, epsilon, activation, training: false };
  return differentiable({
    inputs,
    forward: (save) => {
      const [y, , , , , reserved] = fusedBatchNorm(settings, [x, scale, offset, mean, variance]);
      save(
        activation === 'relu'
          ? [x, scale, mean, variance, reserved, y]
          : [x, scale, mean, variance, reserved],
      );
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => fusedBatchNormBackward(settings, dy, saved),
  });
}

/** Batch normalisation with given statistics from kernels that every tfjs backend has. */
function portableBatchNormInference(
  { x, scale, offset }: BatchNormInputs,
  { mean, variance, epsilon, activation }: Required<BatchNormInferenceOptions>,
): tf.Tensor4D {
  return tf.tidy(() => {
    const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
    const normal = tf.add<tf.Tensor4D>(tf.mul(x, factor), tf.sub(offset, tf.mul(mean, factor)));
    return activation === 'relu' ? relu(normal) : normal;
  });
}
