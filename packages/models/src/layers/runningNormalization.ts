import { batchNormInference, batchNormTrain } from '@nonlocal-med/tensor';
import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** The weights of one batch normalisation. */
export interface NormalizationWeights {
  readonly weight: tfl.LayerVariable;
  readonly bias: tfl.LayerVariable;
  readonly runningMean: tfl.LayerVariable;
  readonly runningVariance: tfl.LayerVariable;
}

export interface RunningNormalizationOptions {
  readonly weights: NormalizationWeights;
  readonly training: boolean;
  readonly epsilon: number;
  /** PyTorch's meaning: the share of the new batch in the running statistics. */
  readonly momentum: number;
  readonly activation?: 'linear' | 'relu';
}

/**
 * Batch normalisation as PyTorch does it (spec 2.1): in training by the batch's biased variance, while the running
 * statistics move by `momentum` towards the batch's mean and unbiased variance; otherwise by the running statistics.
 * @param x [B, H, W, C]
 */
export function runningNormalization(
  x: tf.Tensor4D,
  { weights, training, epsilon, momentum, activation = 'linear' }: RunningNormalizationOptions,
): tf.Tensor4D {
  const scale = weights.weight.read() as tf.Tensor1D;
  const offset = weights.bias.read() as tf.Tensor1D;
  const mean = weights.runningMean.read() as tf.Tensor1D;
  const variance = weights.runningVariance.read() as tf.Tensor1D;
  if (!training)
    return batchNormInference(x, { scale, offset, mean, variance, epsilon, activation });
  const update = (movedMean: tf.Tensor1D, movedVariance: tf.Tensor1D): void => {
    weights.runningMean.write(movedMean);
    weights.runningVariance.write(movedVariance);
  };
  return batchNormTrain(x, {
    scale,
    offset,
    epsilon,
    activation,
    running: { mean, variance, momentum, update },
  });
}
