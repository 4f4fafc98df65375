import type { Batch } from '@nonlocal-med/core';
import { asGraph, softmaxCrossEntropy } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type NamedWeight, namedWeights } from '../weights/namedWeights.js';

/** The loss of a batch and its gradients. All tensors are the caller's to dispose. */
export interface LossAndGradients {
  readonly loss: tf.Scalar;
  /** One for each weight, in their order. */
  readonly gradients: readonly tf.Tensor[];
  /** Weights that the loss does not depend on; their gradients are zeros. */
  readonly withoutGradient: readonly string[];
}

/** Computes loss and gradients of one batch after another. */
export interface StepGradients {
  /**
   * Forward pass in training mode (running statistics move), softmax cross-entropy, backward pass.
   * @param batch images [B, H, W, 3], labels [B].
   */
  of(batch: Batch): LossAndGradients;
  /** Why steps that were to be a graph are not. */
  refusals(): readonly string[];
  /** Frees what it keeps; the weights stay. */
  dispose(): void;
}

/** Where the gradients of a step are taken. */
export interface StepContext {
  /** From [B, H, W, 3] to logits [B, classes]. */
  readonly model: LayersModel;
  /** The weights to differentiate by. */
  readonly weights: readonly NamedWeight[];
  readonly classWeights?: readonly number[];
  /** Steps become one graph of TensorFlow where they can. */
  readonly graph: boolean;
}

/** Loss and gradients of a model, step by step. */
export function createStepGradients({
  model,
  weights,
  classWeights,
  graph,
}: StepContext): StepGradients {
  let withoutGradient: readonly string[] = [];
  const compute = ([images, labels]: readonly tf.Tensor[]): tf.Tensor[] =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () =>
          softmaxCrossEntropy(
            model.apply(images, { training: true }) as tf.Tensor2D,
            labels as tf.Tensor1D,
            { classWeights },
          ),
        weights.map(({ variable }) => variable),
      );
      // TF.js types `grads` as complete, but leaves out what the loss does not depend on.
      const gradients = weights.map(
        ({ variable }) => (grads as Partial<tf.NamedTensorMap>)[variable.name],
      );
      withoutGradient = weights
        .filter((_, i) => gradients[i] === undefined)
        .map(({ name }) => name);
      return [
        value,
        ...gradients.map((gradient, i) => gradient ?? tf.zeros(weights[i].variable.shape)),
      ];
    });
  const repeated = asGraph({
    compute,
    variables: namedWeights(model).map(({ variable }) => variable),
  });
  return {
    of(batch) {
      const [loss, ...gradients] = tf.tidy(() => {
        const inputs = [
          tf.tensor4d(batch.images, [...batch.shape]),
          tf.tensor1d(batch.labels, 'int32'),
        ];
        return graph ? repeated.run(inputs) : compute(inputs);
      });
      return { loss: loss as tf.Scalar, gradients, withoutGradient };
    },
    refusals: () => repeated.refusals(),
    dispose: () => repeated.dispose(),
  };
}
