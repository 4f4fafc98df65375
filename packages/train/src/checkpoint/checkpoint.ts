import type { AdamState, LiveAdamState } from '../optimizer/optimizer.js';
import type { LiveWeights, WeightValues } from '../weights/weightValues.js';
import type { TrainingProgress } from './trainingProgress.js';

/** A training run at one moment, outside of the engine. */
export interface Checkpoint {
  /** All weights, running statistics included. */
  readonly weights: WeightValues;
  /** Adam's moments; absent in a `best` checkpoint, which is for using the model, not for going on. */
  readonly optimizer?: AdamState;
  readonly progress: TrainingProgress;
  /** The options that the numbers depend on; a resumed run must have the same. */
  readonly identity?: Readonly<Record<string, unknown>>;
  /** Which kernels the backend chose on this machine: opaque, taken over by a resumed run. */
  readonly kernelChoices?: unknown;
  /** Where the run's log stood: bytes before the line that reports this checkpoint, and that line. */
  readonly log?: { readonly bytes: number; readonly line: string };
}

/** A checkpoint to be written, whose tensors may still be in the engine. */
export interface LiveCheckpoint extends Omit<Checkpoint, 'weights' | 'optimizer'> {
  readonly weights: WeightValues | LiveWeights;
  readonly optimizer?: AdamState | LiveAdamState;
}
