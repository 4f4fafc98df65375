import { type BatchSource, InputError, type Issue } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Optimizer } from '../optimizer/optimizer.js';
import type { TrainOptions } from '../options/trainOptionsSchema.js';

/** Parts of the identity that change the last bits of the numbers, not their meaning. */
const engineParts = ['backend', 'optimizer'];

/** What a run's numbers depend on beside weights and progress. The number of epochs may grow, unless the schedule depends on it. */
export function runIdentity({
  options,
  train,
  optimizer,
}: {
  options: TrainOptions;
  train: BatchSource;
  optimizer: Optimizer;
}): NonNullable<Checkpoint['identity']> {
  const { learningRate, schedule, adam, classWeights = null, seed, selection, epochs } = options;
  const decays = schedule.kind === 'cosine' || schedule.kind === 'linear';
  return {
    learningRate,
    schedule,
    adam,
    classWeights,
    seed,
    selection,
    ...(decays ? { epochs } : {}),
    classes: train.classes,
    samples: train.sampleCount,
    batchesPerEpoch: train.batchesPerEpoch,
    backend: tf.getBackend(),
    optimizer: optimizer.kind,
  };
}

/**
 * Compares a resumed run with the checkpoint it goes on from.
 * @returns what differs in the engine: the run goes on, but not to the bit as it would have.
 * @throws InputError for every option that differs.
 */
export function compareIdentity(
  now: NonNullable<Checkpoint['identity']>,
  before: Checkpoint['identity'] = {},
): string[] {
  const differing = Object.keys({ ...now, ...before }).filter(
    (key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]),
  );
  const issues = differing
    .filter((key) => !engineParts.includes(key))
    .map((key): Issue => ({
      path: key,
      message: `is ${JSON.stringify(now[key])}`,
      hint: `${JSON.stringify(before[key])}, with which the run was begun`,
    }));
  if (issues.length > 0) throw new InputError(issues);
  return differing.map(
    (key) =>
      `The run was begun with ${key} ${JSON.stringify(before[key])} and goes on with ${JSON.stringify(now[key])}: its numbers differ in the last bits from an uninterrupted run's.`,
  );
}
