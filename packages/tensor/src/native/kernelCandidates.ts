import type * as tf from '@tensorflow/tfjs-core';

/** Equal ways to one result by short name, the preferred one first; one may throw where it cannot compute a shape. */
export type KernelCandidates<Result extends tf.Tensor | tf.Tensor[] = tf.Tensor | tf.Tensor[]> =
  Readonly<Record<string, () => Result>>;
