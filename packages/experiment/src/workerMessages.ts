import type { TrainingEvent } from '@nonlocal-med/core';
import type { RunConfig, RunOutcome } from '@nonlocal-med/pipeline';

/** What the process of a run is told. */
export type WorkerRequest =
  /** Make the run in a folder, or go on with it. */
  | {
      readonly type: 'run';
      readonly folder: string;
      readonly config: RunConfig;
      readonly loader: Partial<RunConfig['loader']>;
    }
  /** Take a few training steps of a configuration on random images and say what they cost. */
  | { readonly type: 'measure'; readonly config: RunConfig; readonly classes: number }
  /** Explain so many test images of a finished run. */
  | { readonly type: 'explain'; readonly folder: string; readonly images: number }
  | { readonly type: 'stop' };

/** What training steps of a configuration cost. */
export interface StepCost {
  readonly secondsPerStep: number;
  /** Peak of the process. */
  readonly residentBytes: number;
  readonly engine: string;
}

/** What the process of a run says. */
export type WorkerMessage =
  | { readonly type: 'event'; readonly event: TrainingEvent }
  | { readonly type: 'note'; readonly line: string }
  | { readonly type: 'outcome'; readonly reason: RunOutcome['reason'] }
  | { readonly type: 'cost'; readonly cost: StepCost }
  | { readonly type: 'failed'; readonly message: string };
