import { type BatchSource, count, type Issue, throwIssues } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Optimizer } from '../optimizer.js';
import { dependsOnEpochs, type ScheduleOptions } from '../scheduleOptions.js';
import { appliedWeightDecay, type TrainOptions } from '../trainOptions.js';

/** Parts of the identity that change only the last bits of the results. */
const backendParts = ['backend', 'optimizerKernel', 'processes'];

/**
 * What a run's results depend on besides weights and progress. The number of epochs may grow, unless the schedule depends
 * on it.
 */
export function runIdentity({
  options,
  train,
  optimizer,
  processes,
}: {
  readonly options: TrainOptions;
  readonly train: BatchSource;
  readonly optimizer: Optimizer;
  /** Number of processes that train together. */
  readonly processes?: number;
}): NonNullable<Checkpoint['identity']> {
  const { learningRate, schedule, adam, classWeights = null, seed, selection, epochs } = options;
  const { positiveWeights, precision, sgd, loss, focal, labelSmoothing, clipNorm } = options;
  const {
    mixup,
    cutmix,
    accumulateBatches,
    synchronizedBatchNorm,
    freezeStages,
    headEpochs,
    layerDecay,
  } = options;
  const weightDecay = appliedWeightDecay(options);
  return {
    learningRate,
    schedule: usedSchedule(schedule),
    adam: options.optimizer === 'sgd' ? undefined : adam,
    classWeights,
    // Absent where they have no effect, as in the checkpoints of earlier versions.
    positiveWeights,
    precision: precision === 'float32' ? undefined : precision,
    optimizer: options.optimizer === 'adam' ? undefined : options.optimizer,
    sgd: options.optimizer === 'sgd' ? sgd : undefined,
    weightDecay: weightDecay === 0 ? undefined : weightDecay,
    weightDecayOf: weightDecay === 0 ? undefined : options.weightDecayOf,
    clipNorm,
    ema: options.ema,
    loss: loss === 'focal' ? loss : undefined,
    focal: loss === 'focal' ? focal : undefined,
    labelSmoothing: labelSmoothing === 0 ? undefined : labelSmoothing,
    mixup: mixup === 0 ? undefined : mixup,
    cutmix: cutmix === 0 ? undefined : cutmix,
    accumulateBatches: accumulateBatches === 1 ? undefined : accumulateBatches,
    synchronizedBatchNorm: synchronizedBatchNorm ? true : undefined,
    freezeStages: freezeStages === 0 ? undefined : freezeStages,
    headEpochs: headEpochs === 0 ? undefined : headEpochs,
    layerDecay: layerDecay === 1 ? undefined : layerDecay,
    task: train.task === 'multilabel' ? train.task : undefined,
    seed,
    selection,
    epochs: dependsOnEpochs(schedule) ? epochs : undefined,
    classes: train.classes,
    samples: train.sampleCount,
    batchesPerEpoch: train.batchesPerEpoch,
    backend: tf.getBackend(),
    optimizerKernel: optimizer.kind,
    processes,
  };
}

/** A schedule as checkpoints of earlier versions have it, without the options that its kind does not use. */
function usedSchedule(schedule: ScheduleOptions): Partial<ScheduleOptions> {
  const { peakAt, startFraction, restartEpochs, restartFactor, ...rest } = schedule;
  if (schedule.kind === 'one-cycle') return { ...rest, peakAt, startFraction };
  if (schedule.kind === 'warm-restarts') return { ...rest, restartEpochs, restartFactor };
  return rest;
}

/** Earlier versions had Adam alone, and recorded its kernel as `optimizer`. */
function upgradeIdentity({
  optimizer,
  ...rest
}: NonNullable<Checkpoint['identity']>): NonNullable<Checkpoint['identity']> {
  return optimizer === 'fused' || optimizer === 'portable'
    ? { ...rest, optimizerKernel: optimizer }
    : { ...rest, optimizer };
}

/**
 * Compares a resumed run with the checkpoint that it resumes from.
 * @returns a warning for each difference in the backend: the run continues, but not bit for bit.
 * @throws InputError for every option that differs.
 */
export function compareIdentity(
  now: NonNullable<Checkpoint['identity']>,
  recorded: Checkpoint['identity'] = {},
): string[] {
  const before = upgradeIdentity(recorded);
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
  return differing.map((key) =>
    key === 'processes'
      ? `The run was trained by ${count(Number(before[key] ?? 1), 'process', 'processes')} and resumes with ${Number(now[key] ?? 1)}: its results differ in the last bits from those of an uninterrupted run${now.synchronizedBatchNorm === true ? '' : ', and with batch normalization further, because each process normalizes its part of a batch'}.`
      : `The run was started with ${key} ${JSON.stringify(before[key])} and resumes with ${JSON.stringify(now[key])}: its results differ in the last bits from those of an uninterrupted run.`,
  );
}
