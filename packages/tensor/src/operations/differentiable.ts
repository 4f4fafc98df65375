import * as tf from '@tensorflow/tfjs-core';

/** One function per input, called only if that input needs a gradient, in the order of the inputs. */
type InputGradients<Inputs> = { readonly [Name in keyof Inputs]: () => tf.Tensor };

/** An operation with its gradient; see {@link differentiable}. */
export interface Differentiable<
  Inputs extends Record<string, tf.Tensor>,
  Output extends tf.Tensor,
> {
  readonly inputs: Inputs;
  /** Computes the result; `save` keeps the tensors that the gradient needs. Nothing in here is recorded for gradients. */
  readonly forward: (save: (tensors: tf.Tensor[]) => void) => Output;
  readonly backward: (dy: Output, saved: tf.Tensor[]) => InputGradients<Inputs>;
}

/** The part of tfjs-core's engine beneath `tf.customGrad`. */
interface GradientEngine {
  runKernelFunc(call: {
    inputs: Record<string, tf.Tensor>;
    forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor;
    backwardsFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;
  }): tf.Tensor;
}

/**
 * Runs an operation with a custom gradient. Unlike with `tf.customGrad`, which computes the gradients of all inputs, an
 * input that nothing learns from (the image, a frozen weight, all weights in Grad-CAM) costs no gradient.
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
 * whole backward pass, which saves a third of a training step's memory. Keeps what may still be needed: a gradient that
 * the caller of `tf.grads` passed in, and everything while a gradient of a gradient is computed.
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
