import type { BatchSource, TaskPredictions } from '@nonlocal-med/core';
import type { RunFolder } from '@nonlocal-med/runs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingCluster } from '../cluster/exchange.js';
import type { TrainOptionsInput } from '../trainOptions.js';

type EpochMetrics = Readonly<Record<string, number | null>>;

/** Options of {@link fit}: plain values, and what only a program can give. */
export interface FitOptions extends TrainOptionsInput {
  /** From normalized images [B, H, W, 3] to logits [B, classes], or one logit per finding; changed in place. */
  readonly model: LayersModel;
  /**
   * Names of the layers of each stage of the model's backbone, from the input on, as `backboneStages` of
   * `@nonlocal-med/models` lists them: for `freezeStages`, `headEpochs` and `layerDecay`.
   */
  readonly stages?: readonly (readonly string[])[];
  readonly train: BatchSource;
  /** Evaluated after every epoch: required for a best epoch and for early stopping. */
  readonly validation?: BatchSource;
  /**
   * Turns validation predictions, which are `FindingPredictions` if the sources have the task `multilabel`, into metrics by
   * name; null (or NaN) means "not defined". The loss is added to them. The model has the weights of the predictions meanwhile,
   * so that other values can be measured with it. Default: the metrics of `evaluateClassifier`.
   */
  evaluate?(this: void, predictions: TaskPredictions): EpochMetrics | Promise<EpochMetrics>;
  /** Keeps log, TensorBoard file and checkpoints in a run folder; a path is created if missing. */
  readonly run?: RunFolder | string;
  /** Continues from the run's last checkpoint, or starts if there is none yet. */
  readonly resume?: boolean;
  /**
   * Compiles steps and validation batches into one TensorFlow graph each: 10 to 30 % faster, with bit-identical results (`asGraph`
   * of `@nonlocal-med/tensor`). For models whose layers run the same operations at every step, as those of
   * `@nonlocal-med/models` do; steps with random layers, through `StepSeeded` or TF.js's own, and steps that synchronize batch
   * normalization between processes run as single operations anyway. Default false.
   */
  readonly graph?: boolean;
  /** Finishes the current step, writes a checkpoint and ends with the reason `interrupted`. */
  readonly signal?: AbortSignal;
  /**
   * Trains together with other processes, for example `joinedCluster()` of `@nonlocal-med/engine`. Every member calls `fit`
   * with the same options and the whole training set, and computes its part of every batch; gradients are averaged, so that
   * all have the same weights after every step. Only member 0 gets a `run`, validates, and decides. With
   * `synchronizedBatchNorm`, batch normalization sees the whole batch.
   */
  readonly cluster?: TrainingCluster;
}
