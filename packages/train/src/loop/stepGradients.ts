import type { Batch } from '@nonlocal-med/core';
import { asGraph } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { MixedBatch } from '../mixBatch.js';
import { computeIn, type Precision } from '../precision.js';
import { type NamedWeight, namedWeights } from '../weights.js';
import type { TaskLoss } from './taskLoss.js';

/** Computes loss and gradients of one batch after another. */
export interface StepGradients {
  /**
   * Forward pass in training mode (which moves running statistics), loss, backward pass.
   * @param batch images [B, H, W, 3], labels [B] or, of findings, [B, findings]
   * @param factor of the loss, and so of its gradients; default 1. Other factors need steps without graphs.
   */
  of(batch: MixedBatch, factor?: number): LossAndGradients;
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

/** A batch as it comes from the training set. */
export interface NumberedBatch {
  readonly batch: Batch;
  /** Counted from 1 over the whole training: what is random about the batch depends on it alone. */
  readonly number: number;
}

/** How a step is computed from its batches. */
export interface StepPlan {
  /** As {@link StepGradients.of}, by the weights that are trained now. */
  gradientsOf(this: void, batch: MixedBatch, factor?: number): LossAndGradients;
  readonly taskLoss: TaskLoss;
  /** Seeds what is random about a batch, and mixes its images if the options say so. */
  prepare(this: void, given: NumberedBatch): MixedBatch;
}

/**
 * Loss and gradients of a step, computed by this process alone.
 * @param batches at least one image
 */
export async function computeStep(
  batches: AsyncIterable<NumberedBatch>,
  plan: StepPlan,
): Promise<ComputedStep> {
  const sum = await sumGradients(batches, plan);
  if (sum === undefined) throw new Error('The step has no images.');
  const { loss, ...rest } = sum;
  try {
    const [value] = await loss.data<'float32'>();
    return { loss: value, ...rest };
  } catch (error) {
    tf.dispose([...rest.gradients]);
    throw error;
  } finally {
    loss.dispose();
  }
}

/** Loss and gradients of several batches, with what weighs them against others. */
export interface SummedGradients extends LossAndGradients {
  readonly weight: number;
  /** Number of images. */
  readonly images: number;
}

/**
 * Loss and gradients of several batches as if they were one: the mean over all their images, or of findings over all known
 * labels. Each batch is taken when the one before it is done, so that one is in memory. Layers that look at a whole batch,
 * such as batch normalization, see one after the other.
 * @returns undefined if no batch has an image
 */
export async function sumGradients(
  batches: AsyncIterable<NumberedBatch>,
  { gradientsOf, taskLoss, prepare }: StepPlan,
): Promise<SummedGradients | undefined> {
  let total: SummedGradients | undefined;
  try {
    for await (const given of batches) {
      const { batch } = given;
      const [images] = batch.shape;
      if (images === 0) continue;
      const own = { ...gradientsOf(prepare(given)), weight: taskLoss.weight(batch), images };
      total = total === undefined ? own : addGradients(total, own);
    }
  } catch (error) {
    if (total !== undefined) tf.dispose([total.loss, ...total.gradients]);
    throw error;
  }
  return total;
}

/** The mean of both by their weights, whose tensors are disposed. */
function addGradients(total: SummedGradients, own: SummedGradients): SummedGradients {
  const weight = total.weight + own.weight;
  // A mean that moves toward the new one by its share. Without any known label all gradients are 0.
  const share = own.weight === 0 ? 0 : own.weight / weight;
  const [loss, ...gradients] = tf.tidy(() =>
    [own.loss, ...own.gradients].map((value, index) => {
      const mean: tf.Tensor = index === 0 ? total.loss : total.gradients[index - 1];
      return tf.add(tf.mul(mean, 1 - share), tf.mul(value, share));
    }),
  );
  tf.dispose([total.loss, ...total.gradients, own.loss, ...own.gradients]);
  return {
    ...own,
    loss: loss as tf.Scalar,
    gradients,
    weight,
    images: total.images + own.images,
  };
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
  let lossFactor = 1;
  const step = ([images, labels, ...mixed]: readonly tf.Tensor[]): tf.Tensor[] =>
    tf.tidy(() => {
      const { value: loss, grads } = tf.variableGrads(() => {
        const logits = model.apply(images, { training: true }) as tf.Tensor2D; // [B, classes]
        const mean =
          mixed.length === 0
            ? taskLoss.of(logits, labels)
            : mixedLoss(taskLoss, { logits, labels, mixed });
        return lossFactor === 1 ? mean : tf.mul<tf.Scalar>(mean, lossFactor);
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
    of(batch, factor = 1) {
      lossFactor = factor;
      const [loss, ...gradients] = tf.tidy(() => {
        const inputs = [tf.tensor4d(batch.images, [...batch.shape]), taskLoss.labels(batch)];
        if (batch.mixed !== undefined) {
          const { labels, share } = batch.mixed;
          inputs.push(taskLoss.labels({ ...batch, labels }), tf.scalar(share));
        }
        return graph && factor === 1 ? compiled.run(inputs) : compute(inputs);
      });
      return { loss: loss as tf.Scalar, gradients, withoutGradient };
    },
    refusals: () => compiled.refusals(),
    dispose: () => compiled.dispose(),
  };
}

/** The loss of images of which each has two labels, one with the share of the other image in it (Zhang et al. 2018). */
function mixedLoss(
  taskLoss: TaskLoss,
  {
    logits,
    labels,
    mixed: [otherLabels, share],
  }: {
    readonly logits: tf.Tensor2D;
    readonly labels: tf.Tensor;
    readonly mixed: readonly tf.Tensor[];
  },
): tf.Scalar {
  return tf.add(
    tf.mul(taskLoss.of(logits, labels), tf.sub(1, share)),
    tf.mul(taskLoss.of(logits, otherLabels), share),
  );
}
