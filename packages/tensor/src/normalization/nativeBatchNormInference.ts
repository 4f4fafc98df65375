import type * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { release } from '../release.js';
import type { BatchNormInferenceOptions } from './batchNormInference.js';
import { fusedBatchNorm, fusedBatchNormGradient } from './fusedBatchNorm.js';
import type { BatchNormInputs } from './portableBatchNormTrain.js';

/** Batch normalisation with given statistics by TensorFlow's fused kernels. */
export function nativeBatchNormInference(
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
      save(activation === 'relu' ? [x, scale, mean, variance, reserved, y] : [x, scale, mean, variance, reserved]);
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => {
      const [dx, dScale, dOffset] = fusedBatchNormGradient(settings, [dy, ...saved.slice(0, 5)], saved[5]);
      release(dy, saved);
      return { x: () => dx, scale: () => dScale, offset: () => dOffset };
    },
  });
}
