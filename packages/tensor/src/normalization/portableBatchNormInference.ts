import * as tf from '@tensorflow/tfjs-core';
import { relu } from '../activation/relu.js';
import type { BatchNormInferenceOptions } from './batchNormInference.js';
import type { BatchNormInputs } from './portableBatchNormTrain.js';

/** Batch normalisation with given statistics from kernels that every tfjs backend has. */
export function portableBatchNormInference(
  { x, scale, offset }: BatchNormInputs,
  { mean, variance, epsilon, activation }: Required<BatchNormInferenceOptions>,
): tf.Tensor4D {
  return tf.tidy(() => {
    const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
    const normal = tf.add<tf.Tensor4D>(tf.mul(x, factor), tf.sub(offset, tf.mul(mean, factor)));
    return activation === 'relu' ? relu(normal) : normal;
  });
}
