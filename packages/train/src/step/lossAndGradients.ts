import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch } from '@nonlocal-med/core';
import { softmaxCrossEntropy } from '@nonlocal-med/tensor';
import type { NamedWeight } from '../weights/namedWeights.js';

/** The loss of a batch and its gradients. All tensors are the caller's to dispose. */
export interface LossAndGradients {
  readonly loss: tf.Scalar;
  /** One for each weight, in their order. */
  readonly gradients: readonly tf.Tensor[];
  /** Weights that the loss does not depend on; their gradients are zeros. */
  readonly withoutGradient: readonly string[];
}

/** Where the gradients of a step are taken. */
export interface StepContext {
  /** From [B, H, W, 3] to logits [B, classes]. */
  readonly model: LayersModel;
  /** The weights to differentiate by. */
  readonly weights: readonly NamedWeight[];
  readonly classWeights?: readonly number[];
}

/**
 * Forward pass in training mode (running statistics move), softmax cross-entropy, backward pass.
 * @param batch images [B, H, W, 3], labels [B].
 */
export function lossAndGradients(batch: Batch, { model, weights, classWeights }: StepContext): LossAndGradients {
  return tf.tidy(() => {
    const images = tf.tensor4d(batch.images, [...batch.shape]);
    const labels = tf.tensor1d(batch.labels, 'int32');
    const { value, grads } = tf.variableGrads(
      () => softmaxCrossEntropy(model.apply(images, { training: true }) as tf.Tensor2D, labels, { classWeights }),
      weights.map(({ variable }) => variable),
    );
    const withoutGradient: string[] = [];
    const gradients = weights.map(({ name, variable }) => {
      // TF.js types `grads` as complete, but leaves out what the loss does not depend on.
      const gradient = (grads as Partial<tf.NamedTensorMap>)[variable.name];
      if (gradient === undefined) withoutGradient.push(name);
      return gradient ?? tf.zeros(variable.shape);
    });
    return { loss: value, gradients, withoutGradient };
  });
}
