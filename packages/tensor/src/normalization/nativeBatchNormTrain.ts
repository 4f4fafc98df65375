import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import type { BatchNormTrainOptions } from './batchNormTrain.js';
import { fusedBatchNorm, fusedBatchNormBackward } from './fusedBatchNorm.js';
import type { BatchNormInputs } from './portableBatchNormTrain.js';

/** Batch normalisation in training by TensorFlow's fused kernels. */
export function nativeBatchNormTrain(kernels: NativeKernels, inputs: BatchNormInputs, { epsilon, activation, onStatistics }: Required<BatchNormTrainOptions>): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  const settings = { kernels, epsilon, activation, training: true };
  return differentiable({
    inputs,
    forward: (save) => {
      const none = tf.tensor1d([]);
      const [y, mean, unbiasedVariance, ...reserved] = fusedBatchNorm(settings, [x, scale, offset, none, none]);
      onStatistics(mean as tf.Tensor1D, unbiasedVariance as tf.Tensor1D);
      save(activation === 'relu' ? [x, scale, ...reserved, y] : [x, scale, ...reserved]);
      return y as tf.Tensor4D;
    },
    backward: (dy: tf.Tensor4D, saved) => fusedBatchNormBackward(settings, dy, saved),
  });
}
