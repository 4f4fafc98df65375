import type { Batch } from '@nonlocal-med/core';
import { asGraph } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { computeIn, type Precision } from '../precision.js';
import { type NamedWeight, namedWeights } from '../weights.js';
import type { TaskLoss } from './taskLoss.js';

/** Computes loss and gradients of one batch after another. */
export interface StepGradients {
  /**
   * Forward pass in training mode (which moves running statistics), loss, backward pass.
   * @param batch images [B, H, W, 3], labels [B] or, of findings, [B, findings]
   */
  of(batch: Batch): LossAndGradients;
  /** Why steps that should run as a graph do not. */
  refusals(): readonly string[];
  /** Frees the compiled graph; the weights stay. */
  dispose(): void;
}

/** The loss of a batch and its gradients. The caller disposes all tensors. */
export interface LossAndGradients {
  readonly loss: tf.Scalar;
  /** One per weight, in their order. */
  readonly gradients: readonly tf.Tensor[];
  /** Weights that the loss does not depend on; their gradients are zeros. */
  readonly withoutGradient: readonly string[];
}

/** A step up to the optimizer. */
export interface ComputedStep extends Omit<LossAndGradients, 'loss'> {
  readonly loss: number;
  /** Weight of the loss in the mean of the epoch. */
  readonly weight: number;
}

/** Loss and gradients of a batch, computed by this process alone. */
export async function computeStep(
  batch: Batch,
  { gradients, taskLoss }: { readonly gradients: StepGradients; readonly taskLoss: TaskLoss },
): Promise<ComputedStep> {
  const { loss, ...rest } = gradients.of(batch);
  try {
    const [value] = await loss.data<'float32'>();
    return { loss: value, weight: taskLoss.weight(batch), ...rest };
  } catch (error) {
    tf.dispose([...rest.gradients]);
    throw error;
  } finally {
    loss.dispose();
  }
}

/** What {@link createStepGradients} needs. */
export interface StepContext {
  /** From images [B, H, W, 3] to logits [B, classes]. */
  readonly model: LayersModel;
  /** The weights to differentiate by. */
  readonly weights: readonly NamedWeight[];
  readonly taskLoss: TaskLoss;
  /** Compiles steps into one graph of TensorFlow where possible. */
  readonly graph: boolean;
  /** Type in which convolutions and matrix products are computed. Default float32. */
  readonly precision?: Precision;
}

/** Loss and gradients of a model, step by step. */
export function createStepGradients({
  model,
  weights,
  taskLoss,
  graph,
  precision = 'float32',
}: StepContext): StepGradients {
  const variables = weights.map(({ variable }) => variable);
  let withoutGradient: readonly string[] = [];
  const step = ([images, labels]: readonly tf.Tensor[]): tf.Tensor[] =>
    tf.tidy(() => {
      const { value: loss, grads } = tf.variableGrads(() => {
        const logits = model.apply(images, { training: true }) as tf.Tensor2D; // [B, classes]
        return taskLoss.of(logits, labels);
      }, variables);
      // TF.js types `grads` as complete, but omits what the loss does not depend on.
      const found: Partial<tf.NamedTensorMap> = grads;
      withoutGradient = weights
        .filter(({ variable }) => found[variable.name] === undefined)
        .map(({ name }) => name);
      return [loss, ...variables.map(({ name, shape }) => found[name] ?? tf.zeros(shape))];
    });
  const all = namedWeights(model).map(({ variable }) => variable);
  const compute = (inputs: readonly tf.Tensor[]): tf.Tensor[] =>
    computeIn(precision, { castOnce: [inputs[0], ...all], compute: () => step(inputs) });
  const compiled = asGraph({ compute, variables: all });
  return {
    of(batch) {
      const [loss, ...gradients] = tf.tidy(() => {
        const inputs = [tf.tensor4d(batch.images, [...batch.shape]), taskLoss.labels(batch)];
        return graph ? compiled.run(inputs) : compute(inputs);
      });
      return { loss: loss as tf.Scalar, gradients, withoutGradient };
    },
    refusals: () => compiled.refusals(),
    dispose: () => compiled.dispose(),
  };
}
