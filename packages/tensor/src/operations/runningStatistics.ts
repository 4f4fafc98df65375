import * as tf from '@tensorflow/tfjs-core';

/** Mean and unbiased variance over the batches so far, [C] each. */
export interface RunningStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  /** PyTorch's meaning: the weight of the new batch. */
  readonly momentum: number;
  /** Called once in the forward pass with the updated statistics; the tensors live only during the call. */
  readonly update: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void;
}

/** What a batch contributes to running statistics. */
export interface BatchStatistics {
  /** Number of values per channel, at least two. */
  readonly count: number;
  /** [C] */
  readonly mean: tf.Tensor1D;
  /** Biased, [C]. */
  readonly variance: tf.Tensor1D;
}

/** Moves running statistics by their momentum toward a batch's mean and unbiased variance. */
export function moveStatistics(
  running: RunningStatistics,
  { count, mean, variance }: BatchStatistics,
): void {
  const { momentum } = running;
  running.update(
    movingAverage(running.mean, mean, momentum),
    movingAverage(running.variance, tf.mul(variance, count / (count - 1)), momentum),
  );
}

function movingAverage(previous: tf.Tensor1D, batch: tf.Tensor1D, momentum: number): tf.Tensor1D {
  return tf.add(tf.mul(previous, 1 - momentum), tf.mul(batch, momentum));
}
