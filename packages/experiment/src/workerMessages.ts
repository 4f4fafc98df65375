import type { TrainingEvent } from '@nonlocal-med/core';
import type { RunConfig, RunOutcome } from '@nonlocal-med/pipeline';

/** A task for a worker process; it executes one, and ends. */
export type WorkerTask =
  /** Start the run in a folder, or resume it. */
  | {
      readonly type: 'run';
      readonly folder: string;
      readonly config: RunConfig;
      readonly loader: Partial<RunConfig['loader']>;
    }
  /** Measure a few training steps of a configuration on random images. */
  | { readonly type: 'measure'; readonly config: RunConfig; readonly classes: number }
  /** Explain a number of test images of a finished run. */
  | { readonly type: 'explain'; readonly folder: string; readonly images: number };

/** A message to a worker process. */
export type WorkerRequest = WorkerTask | { readonly type: 'stop' };

/** Cost of training with a configuration. */
export interface StepCost {
  readonly secondsPerBatch: number;
  /** Peak memory of the process. */
  readonly residentBytes: number;
  readonly engine: string;
  /** `cpu`, or `cuda` for a graphics card, whose memory `residentBytes` does not include. */
  readonly device: string;
}

/** How a task ended. */
export type WorkerResult =
  | { readonly type: 'outcome'; readonly reason: RunOutcome['reason'] }
  | { readonly type: 'cost'; readonly cost: StepCost }
  | {
      readonly type: 'failed';
      readonly message: string;
      /** What to write to disk in place of the message. */
      readonly record?: string;
    };

/** A message from a worker process: progress, then one result. */
export type WorkerMessage =
  | { readonly type: 'event'; readonly event: TrainingEvent }
  | { readonly type: 'note'; readonly line: string }
  | WorkerResult;
