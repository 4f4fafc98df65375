import type { BatchSource, Predictions, TrainingEvent } from '@nonlocal-med/core';
import type { TrainingProgress } from '../checkpoint/trainingProgress.js';
import type { Logits } from '../evaluate/createLogits.js';
import type { Optimizer } from '../optimizer/optimizer.js';
import type { TrainOptions } from '../options/trainOptionsSchema.js';
import type { StepGradients } from '../step/createStepGradients.js';
import type { RandomLayers } from '../step/seedLayers.js';
import type { NamedWeight } from '../weights/namedWeights.js';
import type { Checkpointer } from './checkpointer.js';
import type { Recorder } from './openRecorder.js';

/** A run in work: its parts, and where it stands. */
export interface Training {
  /** Loss and gradients of a batch. */
  readonly gradients: StepGradients;
  /** The model in evaluation mode. */
  readonly logits: Logits;
  readonly train: BatchSource;
  readonly validation?: BatchSource;
  readonly evaluate: (predictions: Predictions) => Readonly<Record<string, number | null>>;
  readonly signal?: AbortSignal;
  readonly options: TrainOptions;
  /** The weights that are trained. */
  readonly weights: readonly NamedWeight[];
  readonly optimizer: Optimizer;
  readonly randomLayers: RandomLayers;
  readonly recorder: Recorder;
  readonly checkpointer: Checkpointer;
  /** Shows other processes that this one is alive. */
  renewLock(): Promise<void>;
  /** Seconds spent on the run so far, by earlier processes too. */
  seconds(): number;
  /** Replaced after every step. */
  progress: TrainingProgress;
  /** What was found out before the first step and is to be said. */
  readonly warnings: readonly string[];
  /** How the run ended, where a finished one was resumed. */
  readonly ended?: TrainingEvent;
  /** Things that are said once. */
  readonly said: Set<string>;
}

/** A part of the loop: tells events as they happen. */
export type Events<T = void> = AsyncGenerator<TrainingEvent, T, void>;
