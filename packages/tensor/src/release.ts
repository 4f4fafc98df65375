import * as tf from '@tensorflow/tfjs-core';

/**
 * Frees the upstream gradient and the saved tensors at the end of a gradient function, instead of at the end of the
 * whole backward pass: a third of a training step's memory. Keeps what others may still need: a gradient that the caller
 * of `tf.grads` passed in, and everything while a gradient of a gradient is under way.
 */
export function release(dy: tf.Tensor, saved: readonly tf.Tensor[]): void {
  const { gradientDepth, scopeStack } = tf.engine().state;
  if (gradientDepth > 0) return;
  saved.forEach((tensor) => tensor.dispose());
  const backward = scopeStack.findLast(({ name }) => name === 'backward');
  if (backward !== undefined && scopeOf(dy) >= backward.id) dy.dispose();
}

function scopeOf(tensor: tf.Tensor): number {
  return (tensor as unknown as { scopeId?: number }).scopeId ?? -1;
}
