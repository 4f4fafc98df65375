import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from '../differentiable.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import type { BatchNormTrainSettings } from './batchNormTrain.js';
import { fusedBatchNorm, fusedBatchNormBackward } from './fusedBatchNorm.js';
import type { BatchNormInputs } from './portableBatchNormTrain.js';

/** Batch normalisation in training by TensorFlow's fused kernels. */
export function nativeBatchNormTrain(
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
