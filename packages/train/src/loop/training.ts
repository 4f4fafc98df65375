import type { BatchSource, TrainingEvent } from '@nonlocal-med/core';
import type { RunFolder } from '@nonlocal-med/runs';
import type { TrainingProgress } from '../checkpoint/checkpoint.js';
import type { MemberTraining } from '../cluster/memberTraining.js';
import type { MovingAverage } from '../movingAverage.js';
import type { Logits } from '../predict.js';
import type { TrainOptions } from '../trainOptions.js';
import type { Checkpointer } from './checkpointer.js';
import type { FitOptions } from './fitOptions.js';
import type { Phases } from './phases.js';
import type { Recorder } from './recorder.js';
import type { ComputedStep, NumberedBatch } from './stepGradients.js';
import type { TaskLoss } from './taskLoss.js';

/** State of a running training. */
export interface Training {
  readonly options: TrainOptions;
  readonly train: BatchSource;
  readonly validation?: BatchSource;
  /** Validation metrics of predictions, by name. */
  readonly evaluate: NonNullable<FitOptions['evaluate']>;
  readonly signal?: AbortSignal;
  /** What is done together with other processes; absent in one that trains alone. */
  readonly members?: MemberTraining;
  /** Whether to stop after this step: by the signal, or because another member was asked to. */
  stopping(): boolean;
  /** The learning rate of the next step. */
  learningRateOf(this: void, progress: TrainingProgress): number;
  /** Loss and gradients of the batches of a step, of which other members may compute parts. */
  compute(batches: AsyncIterable<NumberedBatch>): Promise<ComputedStep>;
  /** Where the run is recorded. */
  readonly folder?: RunFolder;
  readonly taskLoss: TaskLoss;
  readonly phases: Phases;
  /** Of the weights, which it stands in for in validations and at the end. */
  readonly average?: MovingAverage;
  /** The model in evaluation mode. */
  readonly logits: Logits;
  readonly recorder: Recorder;
  readonly checkpointer: Checkpointer;
  /** Shows other processes that this one is alive. */
  renewLock(): Promise<void>;
  /** Seconds spent on the run so far, including those of earlier processes. */
  seconds(): number;
  /** Replaced after every step. */
  progress: TrainingProgress;
  /** Warnings from before the first step. */
  readonly warnings: readonly string[];
  /** Topics of warnings already issued. */
  readonly warned: Set<string>;
  /** How the run ended, if a finished one was resumed. */
  readonly ended?: TrainingEvent;
}

/** Part of the training loop: yields events as they happen. */
export type Events<T = void> = AsyncGenerator<TrainingEvent, T, void>;
