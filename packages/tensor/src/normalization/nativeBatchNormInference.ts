import type * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import type { BatchNormInferenceOptions } from './batchNormInference.js';
import { fusedBatchNorm, fusedBatchNormBackward } from './fusedBatchNorm.js';
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
