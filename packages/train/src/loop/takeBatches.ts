import { setImmediate } from 'node:timers/promises';
import type { Batch, BatchSource } from '@nonlocal-med/core';
import type { TrainOptions } from '../trainOptions.js';
import type { NumberedBatch } from './stepGradients.js';
import type { Training } from './training.js';

/** Steps of an epoch, the last of which may have fewer batches. */
export const stepsPerEpoch = (
  { batchesPerEpoch }: BatchSource,
  { accumulateBatches }: Pick<TrainOptions, 'accumulateBatches'>,
): number => Math.ceil(batchesPerEpoch / accumulateBatches);

/** The batches that a step can take. */
export interface StepSource {
  readonly first: Batch;
  /** Those after it in the epoch. */
  readonly others: AsyncIterator<Batch>;
  /** Milliseconds of waiting for the first one. */
  readonly waited: number;
}

/** What {@link takeBatches} has taken so far. */
export interface TakenBatches {
  readonly batches: AsyncIterable<NumberedBatch>;
  readonly taken: {
    readonly count: number;
    readonly ids: readonly string[];
    /** Milliseconds of waiting for all of them. */
    readonly waited: number;
  };
}

/** The batches of a step, each taken from the source when it is needed, and what was taken so far. */
export function takeBatches(
  training: Training,
  { first, others, waited }: StepSource,
): TakenBatches {
  const { progress, options, train, taskLoss } = training;
  const before = progress.epoch * train.batchesPerEpoch + progress.batch;
  const taken = { count: 0, ids: [] as string[], waited };
  async function* batches(): AsyncGenerator<NumberedBatch> {
    let batch: Batch | undefined = first;
    while (batch !== undefined) {
      taskLoss.check(batch);
      taken.ids.push(...batch.ids);
      yield { batch, number: before + ++taken.count };
      if (taken.count === options.accumulateBatches) return;
      await setImmediate();
      await training.renewLock();
      const requested = performance.now();
      const next: IteratorResult<Batch> = await others.next();
      taken.waited += performance.now() - requested;
      batch = next.done === true ? undefined : next.value;
    }
  }
  return { taken, batches: batches() };
}
