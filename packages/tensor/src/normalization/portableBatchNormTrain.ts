import * as tf from '@tensorflow/tfjs-core';
import { reluGradient } from '../activation/reluGradient.js';
import { differentiable } from '../differentiable.js';
import { release } from '../release.js';
import type { BatchNormTrainSettings } from './batchNormTrain.js';

/** What batch normalisation reads. */
export interface BatchNormInputs extends Record<string, tf.Tensor> {
  readonly x: tf.Tensor4D;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
}

const POSITIONS = [0, 1, 2];

/** Batch normalisation in training from kernels that every tfjs backend has. */
export function portableBatchNormTrain(
  inputs: BatchNormInputs,
  { epsilon, activation, running }: BatchNormTrainSettings,
): tf.Tensor4D {
  const { x, scale, offset } = inputs;
  const count = x.size / x.shape[3];
  return differentiable({
    inputs,
    forward: (save) => {
      const mean = tf.mean<tf.Tensor1D>(x, POSITIONS);
      const centred = tf.sub(x, mean);
      const variance = tf.mean<tf.Tensor1D>(tf.square(centred), POSITIONS);
      running?.update(
        moved(running.mean, mean, running.momentum),
        moved(running.variance, tf.mul(variance, count / (count - 1)), running.momentum),
      );
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const normal = tf.add<tf.Tensor4D>(tf.mul(centred, tf.mul(inverse, scale)), offset);
      const y = activation === 'relu' ? tf.relu(normal) : normal;
      save(activation === 'relu' ? [x, scale, mean, inverse, y] : [x, scale, mean, inverse]);
      return y;
    },
    backward: (dy: tf.Tensor4D, saved) => {
      const [savedX, savedScale, mean, inverse, y] = saved;
      const gradients = tf.tidy(() => {
        const upstream = y === undefined ? dy : reluGradient(dy, y);
        const normalised = tf.mul(tf.sub(savedX, mean), inverse); // [B, H, W, C]
        const dOffset = tf.sum(upstream, POSITIONS);
        const dScale = tf.sum(tf.mul(upstream, normalised), POSITIONS);
        const centred = tf.sub(
          upstream,
          tf.div(tf.add(tf.mul(normalised, dScale), dOffset), count),
        );
        return { x: tf.mul(centred, tf.mul(savedScale, inverse)), scale: dScale, offset: dOffset };
      });
      release(dy, saved);
      return { x: () => gradients.x, scale: () => gradients.scale, offset: () => gradients.offset };
    },
  });
}

function moved(before: tf.Tensor1D, batch: tf.Tensor1D, batchShare: number): tf.Tensor1D {
  return tf.add(tf.mul(before, 1 - batchShare), tf.mul(batch, batchShare));
}
