import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { liveWeight, type LiveWeights, namedWeights } from './weights.js';

/** The exponential moving average of a model's weights over the steps of a training. */
export interface MovingAverage {
  /** Takes in the weights after a step. */
  update(): void;
  /** Puts the average into the model and keeps what was there, or the other way round: two calls change nothing. */
  exchange(): void;
  /** The average, to be read later; while it is not in the model. */
  weights(): LiveWeights;
  /** Frees the average; the model stays. */
  dispose(): void;
}

/**
 * Averages all weights of a model, running statistics included, as timm's `ModelEmaV2` does: average = decay average +
 * (1 - decay) weights after each step, beginning with the present weights.
 */
export function createMovingAverage(model: LayersModel, decay: number): MovingAverage {
  const named = namedWeights(model);
  const averages = named.map(({ variable }) => tf.keep(tf.clone<tf.Tensor>(variable)));
  const replace = (index: number, average: tf.Tensor): void => {
    averages[index].dispose();
    averages[index] = tf.keep(average);
  };
  return {
    update: () =>
      named.forEach(({ variable }, index) =>
        tf.tidy(() =>
          replace(index, tf.add(tf.mul(averages[index], decay), tf.mul(variable, 1 - decay))),
        ),
      ),
    exchange: () =>
      named.forEach(({ variable }, index) => {
        const present = tf.clone<tf.Tensor>(variable);
        variable.assign(averages[index]);
        replace(index, present);
      }),
    weights: () => new Map(named.map(({ name }, index) => [name, liveWeight(averages[index])])),
    dispose: () => tf.dispose(averages),
  };
}
