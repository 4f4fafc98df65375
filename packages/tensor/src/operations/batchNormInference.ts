import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { differentiable } from './differentiable.js';
import { type Activation, fusedBatchNorm, fusedBatchNormBackward } from './fusedBatchNorm.js';
import { relu } from './relu.js';

/** Options of {@link batchNormInference}. */
export interface BatchNormInferenceOptions {
  /** gamma, [C]. */
  readonly scale: tf.Tensor1D;
  /** beta, [C]. */
  readonly offset: tf.Tensor1D;
  /** Usually the running mean, [C]. */
  readonly mean: tf.Tensor1D;
  /** Usually the running variance, [C]. */
  readonly variance: tf.Tensor1D;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** What follows the normalization. Default `linear`. */
  readonly activation?: Activation;
}

/**
 * Batch normalization with given statistics, as `torch.nn.BatchNorm2d` in evaluation mode. Differentiable in x, scale and
 * offset, so that Grad-CAM and training with frozen statistics work.
 * @param x [B, H, W, C]
 * @returns [B, H, W, C]
 */
export function batchNormInference(
  x: tf.Tensor4D,
  { epsilon = 1e-5, activation = 'linear', ...parameters }: BatchNormInferenceOptions,
): tf.Tensor4D {
  const options = { ...parameters, epsilon, activation };
  const kernels = fastKernels();
  return kernels === null
    ? portableBatchNormInference(x, options)
    : nativeBatchNormInference(kernels, x, options);
}

/** By TensorFlow's fused kernels. */
function nativeBatchNormInference(
  kernels: NativeKernels,
  x: tf.Tensor4D,
  { scale, offset, mean, variance, epsilon, activation }: Required<BatchNormInferenceOptions>,
): tf.Tensor4D {
  const settings = { kernels, epsilon, activation, training: false };
  return differentiable({
    inputs: { x, scale, offset },
    forward: (save) => {
      const [y, , , , , reserved] = fusedBatchNorm(settings, [x, scale, offset, mean, variance]);
      const saved = [x, scale, mean, variance, reserved];
      save(activation === 'relu' ? [...saved, y] : saved);
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => fusedBatchNormBackward(settings, dy, saved),
  });
}

/** By kernels that every tfjs backend has, whose gradients are right. */
function portableBatchNormInference(
  x: tf.Tensor4D,
  { scale, offset, mean, variance, epsilon, activation }: Required<BatchNormInferenceOptions>,
): tf.Tensor4D {
  return tf.tidy(() => {
    const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
    const normal = tf.add<tf.Tensor4D>(tf.mul(x, factor), tf.sub(offset, tf.mul(mean, factor)));
    return activation === 'relu' ? relu(normal) : normal;
  });
}
