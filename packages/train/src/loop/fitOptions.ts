import type { BatchSource, Predictions } from '@nonlocal-med/core';
import type { RunFolder } from '@nonlocal-med/runs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainOptionsInput } from '../options/trainOptionsSchema.js';

/** What {@link fit} takes: the plain options, and what only a program can give. */
export interface FitOptions extends TrainOptionsInput {
  /** From normalised images [B, H, W, 3] to logits [B, classes]; changed in place. */
  readonly model: LayersModel;
  readonly train: BatchSource;
  /** Evaluated after every epoch: needed to choose a best epoch and to stop early. */
  readonly validation?: BatchSource;
  /** Turns validation predictions into metrics by name; null (or NaN) is "not defined". The loss is added to them. */
  readonly evaluate?: (predictions: Predictions) => Readonly<Record<string, number | null>>;
  /** Keeps log, TensorBoard file and checkpoints: a run's folder, or the path of one (made if missing). */
  readonly run?: RunFolder | string;
  /** Goes on from the run's last checkpoint, or begins where there is none yet. */
  readonly resume?: boolean;
  /**
   * Steps and validation batches become one graph of TensorFlow each, a tenth to a third faster, with the same bits
   * (`asGraph` of `@nonlocal-med/tensor`). For models whose layers ask the same operations at every step, as those of
   * `@nonlocal-med/models` do; steps with layers that draw random numbers, through `StepSeeded` or TF.js's own, stay
   * single calls by themselves. Default false.
   */
  readonly graph?: boolean;
  /** Finishes the step, writes a checkpoint and ends with the reason `interrupted`. */
  readonly signal?: AbortSignal;
}
