import { type BatchSource, type Issue, throwIssues } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../adam.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { TrainOptions } from '../trainOptions.js';

/** Parts of the identity that change only the last bits of the results. */
const backendParts = ['backend', 'optimizer'];

/**
 * What a run's results depend on besides weights and progress. The number of epochs may grow, unless the schedule depends
 * on it.
 */
export function runIdentity({
  options,
  train,
  optimizer,
}: {
  readonly options: TrainOptions;
  readonly train: BatchSource;
  readonly optimizer: Optimizer;
}): NonNullable<Checkpoint['identity']> {
  const { learningRate, schedule, adam, classWeights = null, seed, selection, epochs } = options;
  const { positiveWeights, precision } = options;
  const decays = schedule.kind === 'cosine' || schedule.kind === 'linear';
  return {
    learningRate,
    schedule,
    adam,
    classWeights,
    // Absent where they have no effect, as in the checkpoints of earlier versions.
    positiveWeights,
    precision: precision === 'float32' ? undefined : precision,
    task: train.task === 'multilabel' ? train.task : undefined,
    seed,
    selection,
    epochs: decays ? epochs : undefined,
    classes: train.classes,
    samples: train.sampleCount,
    batchesPerEpoch: train.batchesPerEpoch,
    backend: tf.getBackend(),
    optimizer: optimizer.kind,
  };
}

/**
 * Compares a resumed run with the checkpoint that it resumes from.
 * @returns a warning for each difference in the backend: the run continues, but not bit for bit.
 * @throws InputError for every option that differs.
 */
export function compareIdentity(
  now: NonNullable<Checkpoint['identity']>,
  before: Checkpoint['identity'] = {},
): string[] {
  const differing = Object.keys({ ...now, ...before }).filter(
    (key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]),
  );
  throwIssues(
    differing
      .filter((key) => !backendParts.includes(key))
      .map((key): Issue => ({
        path: key,
        message: `is ${JSON.stringify(now[key])}`,
        hint: `the run was started with ${JSON.stringify(before[key])}`,
      })),
  );
  return differing.map(
    (key) =>
      `The run was started with ${key} ${JSON.stringify(before[key])} and resumes with ${JSON.stringify(now[key])}: its results differ in the last bits from those of an uninterrupted run.`,
  );
}
