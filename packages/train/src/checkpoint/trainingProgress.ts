/** One finished epoch, as early stopping and the history remember it. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done at its end. */
  readonly step: number;
  readonly trainLoss: number;
  readonly validation?: Readonly<Record<string, number | null>>;
}

/** Where a run stands: with the weights and the optimiser's moments, all that its next step depends on. */
export interface TrainingProgress {
  /** Steps done in all. */
  readonly step: number;
  /** Index of the epoch in work, from 0; equal to the number of finished epochs. */
  readonly epoch: number;
  /** Batches of that epoch that are done. */
  readonly batch: number;
  /** Sum over the epoch's batches of loss times weight, and of the weights; the epoch's loss is their ratio. */
  readonly lossSum: number;
  readonly weightSum: number;
  /** Every finished epoch: what early stopping and the choice of the best epoch are computed from. */
  readonly history: readonly EpochRecord[];
  /** Seconds spent, over all processes that worked on the run. */
  readonly seconds: number;
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
