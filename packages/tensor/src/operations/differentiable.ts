import * as tf from '@tensorflow/tfjs-core';

/** One function an input, each called only when that input's gradient is asked for, in the order of the inputs. */
type InputGradients<Inputs> = { readonly [Name in keyof Inputs]: () => tf.Tensor };

/** An operation with its own gradient; see {@link differentiable}. */
interface Differentiable<Inputs extends Record<string, tf.Tensor>, Output extends tf.Tensor> {
  readonly inputs: Inputs;
  /** Computes the result; `save` keeps what the gradient needs. Nothing in here is recorded. */
  readonly forward: (save: (tensors: tf.Tensor[]) => void) => Output;
  readonly backward: (dy: Output, saved: tf.Tensor[]) => InputGradients<Inputs>;
}

/** The part of tfjs-core's engine under `tf.customGrad`, which itself computes the gradients of all inputs, asked for or not. */
interface GradientEngine {
  runKernelFunc(call: {
    inputs: Record<string, tf.Tensor>;
    forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor;
    backwardsFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;
  }): tf.Tensor;
}

/**
 * Runs an operation with its own gradient. Unlike with `tf.customGrad`, an input that nothing learns from (the image, a
 * frozen weight, all weights in Grad-CAM) costs no gradient.
 *
 * Tensors made in `backward` itself live until the whole backward pass ends; those made inside one of its functions only
 * until that function returns.
 */
export function differentiable<Inputs extends Record<string, tf.Tensor>, Output extends tf.Tensor>({
  inputs,
  forward,
  backward,
}: Differentiable<Inputs, Output>): Output {
  return (tf.engine() as unknown as GradientEngine).runKernelFunc({
    inputs,
    forwardFunc: (_backend, save) => forward(save),
    backwardsFunc: (dy, saved) => backward(dy as Output, saved),
  }) as Output;
}

/**
 * Frees the upstream gradient and the saved tensors at the end of a gradient function, instead of at the end of the
 * whole backward pass: a third of a training step's memory. Keeps what others may still need: a gradient that the caller
 * of `tf.grads` passed in, and everything while a gradient of a gradient is under way.
 */
export function disposeAfterBackward(dy: tf.Tensor, saved: readonly tf.Tensor[]): void {
  const { gradientDepth, scopeStack } = tf.engine().state;
  if (gradientDepth > 0) return;
  saved.forEach((tensor) => tensor.dispose());
  const backward = scopeStack.findLast(({ name }) => name === 'backward');
  if (backward !== undefined && scopeOf(dy) >= backward.id) dy.dispose();
}

function scopeOf(tensor: tf.Tensor): number {
  return (tensor as unknown as { scopeId?: number }).scopeId ?? -1;
}
