import { type Batch, type BatchSource, count, type Issue } from '@nonlocal-med/core';
import {
  sigmoidCrossEntropy,
  sigmoidFocalLoss,
  softmaxCrossEntropy,
  softmaxFocalLoss,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainOptions } from '../trainOptions.js';

/** The loss of a task: what is computed from the logits and labels of a batch, and how batches add up to an epoch. */
export interface TaskLoss {
  /** Labels of a batch as {@link TaskLoss.of} takes them. The caller disposes the tensor. */
  labels(batch: Batch): tf.Tensor;
  /**
   * Mean loss of a batch.
   * @param logits [B, classes] or [B, findings]
   */
  of(logits: tf.Tensor2D, labels: tf.Tensor): tf.Scalar;
  /** @throws RangeError when a label is not one of the task: the loss would be silently wrong. */
  check(batch: Batch): void;
  /** Weight of the batch's loss in the mean of the epoch: what the mean over the batch was divided by. */
  weight(batch: Batch): number;
}

type LossWeights = Pick<TrainOptions, 'classWeights' | 'positiveWeights'>;

/** The training options that the loss depends on. */
export type LossOptions = LossWeights & Pick<TrainOptions, 'loss' | 'focal' | 'labelSmoothing'>;

/**
 * Softmax cross-entropy with class weights for the task `multiclass`; for `multilabel`, binary cross-entropy with positive
 * weights over the labels that are known. Or the focal loss in place of either.
 */
export function createTaskLoss(
  { task, classes }: Pick<BatchSource, 'task' | 'classes'>,
  options: LossOptions,
): TaskLoss {
  return task === 'multilabel' ? findingLoss(classes, options) : classLoss(classes.length, options);
}

function classLoss(
  classes: number,
  { loss, focal: { gamma }, labelSmoothing, classWeights }: LossOptions,
): TaskLoss {
  return {
    labels: ({ labels }) => tf.tensor1d(labels, 'int32'),
    of: (logits, labels) =>
      loss === 'focal'
        ? softmaxFocalLoss(logits, labels as tf.Tensor1D, { gamma, classWeights })
        : softmaxCrossEntropy(logits, labels as tf.Tensor1D, { classWeights, labelSmoothing }),
    check({ labels, ids }) {
      const index = labels.findIndex((label) => label < 0 || label >= classes);
      if (index >= 0)
        throw new RangeError(
          `The label of ${ids[index]} is ${labels[index]}; the classes have indices 0 to ${classes - 1}.`,
        );
    },
    weight: ({ labels }) =>
      classWeights === undefined
        ? labels.length
        : labels.reduce((sum, label) => sum + classWeights[label], 0),
  };
}

function findingLoss(
  findings: readonly string[],
  { loss, focal, labelSmoothing, positiveWeights }: LossOptions,
): TaskLoss {
  const width = findings.length;
  const smooth = (label: number): number =>
    label < 0 ? label : label * (1 - labelSmoothing) + labelSmoothing / 2;
  return {
    labels: ({ labels, ids }) =>
      tf.tensor2d(Float32Array.from(labels, smooth), [ids.length, width]),
    of: (logits, labels) =>
      loss === 'focal'
        ? sigmoidFocalLoss(logits, labels as tf.Tensor2D, { ...focal, positiveWeights })
        : sigmoidCrossEntropy(logits, labels as tf.Tensor2D, { positiveWeights }),
    check({ labels, ids }) {
      if (labels.length !== ids.length * width)
        throw new RangeError(
          `${count(ids.length, 'image')} need ${ids.length * width} labels, one per finding (${findings.join(', ')}), not ${labels.length}.`,
        );
      const index = labels.findIndex((label) => label < -1 || label > 1);
      if (index >= 0)
        throw new RangeError(
          `The label of ${ids[Math.floor(index / width)]} for ${findings[index % width]} is ${labels[index]}; 1 is present, 0 absent, -1 not known.`,
        );
    },
    weight: ({ labels }) => labels.reduce((known, label) => known + (label >= 0 ? 1 : 0), 0),
  };
}

/**
 * Issues of weights of the loss that do not belong to the task, or are not one for each class or finding.
 * @param source task and classes or findings of the training set
 */
export function lossWeightIssues(
  { task, classes }: Pick<BatchSource, 'task' | 'classes'>,
  weights: LossWeights & { readonly focal?: LossOptions['focal'] },
): Issue[] {
  const [used, unused, unit] =
    task === 'multilabel'
      ? (['positiveWeights', 'classWeights', 'findings'] as const)
      : (['classWeights', 'positiveWeights', 'classes'] as const);
  const issues: Issue[] = [];
  const given = weights[used];
  if (given !== undefined && given.length !== classes.length)
    issues.push({
      path: used,
      message: `has ${count(given.length, 'weight')}`,
      hint: `${classes.length}, one for each of ${classes.join(', ')}`,
    });
  if (weights[unused] !== undefined)
    issues.push({
      path: unused,
      message: `has no effect: the images have ${task === 'multilabel' ? 'several findings each' : 'one class each'}`,
      hint: `${used}, one for each of the ${unit} ${classes.join(', ')}`,
    });
  if (task !== 'multilabel' && weights.focal?.alpha !== undefined)
    issues.push({
      path: 'focal.alpha',
      message: 'has no effect: the images have one class each',
      hint: 'classWeights, one for each class',
    });
  return issues;
}
