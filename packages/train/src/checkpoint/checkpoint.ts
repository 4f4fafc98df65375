import type { OptimizerState } from '../optimizer.js';
import type { LiveWeights, WeightValues } from '../weights.js';

/** A training run at one moment, outside of the backend. */
export interface Checkpoint {
  /** All weights, running statistics included: those to use the model with, averaged where the training averages them. */
  readonly weights: WeightValues;
  /** The weights from which training continues, where `weights` are their moving average. */
  readonly trained?: WeightValues;
  /** The optimizer's state; absent in a `best` checkpoint, which is for using the model, not for resuming. */
  readonly optimizer?: OptimizerState;
  readonly progress: TrainingProgress;
  /** The options that the results depend on; a resumed run must have the same. */
  readonly identity?: Readonly<Record<string, unknown>>;
  /** Which kernels the backend chose on this machine: opaque, adopted by a resumed run. */
  readonly kernelChoices?: unknown;
  /** Position in the run's log: bytes before the line that reports this checkpoint, and that line. */
  readonly log?: { readonly bytes: number; readonly line: string };
}

/** A checkpoint to be written, whose tensors may still be in the backend. */
export interface LiveCheckpoint extends Omit<Checkpoint, 'weights' | 'trained' | 'optimizer'> {
  readonly weights: WeightValues | LiveWeights;
  readonly trained?: WeightValues | LiveWeights;
  readonly optimizer?: OptimizerState | OptimizerState<LiveWeights>;
}

/** Progress of a run: together with the weights and the optimizer's moments, all that its next step depends on. */
export interface TrainingProgress {
  /** Steps done in all. */
  readonly step: number;
  /** Index of the current epoch, from 0; equal to the number of finished epochs. */
  readonly epoch: number;
  /** Batches of that epoch that are done. */
  readonly batch: number;
  /** Sum over the epoch's batches of loss times weight; the epoch's loss is its ratio to `weightSum`. */
  readonly lossSum: number;
  /** Sum over the epoch's batches of their weights. */
  readonly weightSum: number;
  /** Every finished epoch: what early stopping and the choice of the best epoch depend on. */
  readonly history: readonly EpochRecord[];
  /** Seconds spent, over all processes that worked on the run. */
  readonly seconds: number;
}

/** A finished epoch. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done at its end. */
  readonly step: number;
  readonly trainLoss: number;
  /** Validation metrics by name; null where one is not defined. */
  readonly validation?: Readonly<Record<string, number | null>>;
}

/** The state before the first step. */
export const initialProgress: TrainingProgress = {
  step: 0,
  epoch: 0,
  batch: 0,
  lossSum: 0,
  weightSum: 0,
  history: [],
  seconds: 0,
};
