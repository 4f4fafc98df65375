import type * as tf from '@tensorflow/tfjs-core';

/** Queries [B, N, d], keys [B, M, d], values [B, M, e]. */
export interface AttentionInputs {
  readonly queries: tf.Tensor3D;
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
}

/** What the backward pass reads: the output [B, N, e] and its gradient as well. */
export interface BackwardInputs extends AttentionInputs {
  readonly output: tf.Tensor3D;
  readonly dOutput: tf.Tensor3D;
}

/** How attention is computed. */
export interface AttentionSettings {
  readonly scale: number;
  readonly blockRows: number;
}
