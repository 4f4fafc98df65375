import { InputError, UnavailableError } from '@nonlocal-med/core';
import { omitKeys, type RunConfig } from '@nonlocal-med/pipeline';
import type { SplitSize } from './prepareExperiment.js';
import { describeFailure, spawnWorker } from './spawnWorker.js';
import type { StepCost } from './workerMessages.js';

/** Cost of an evaluation step relative to a training step: a forward pass without the backward pass. */
const EVALUATION_COST = 1 / 3;
/** Time for start, checks, intervals and export of a run, in seconds. */
const OVERHEAD_SECONDS = 10;

/** What is measured. */
export interface MeasureRunOptions {
  /** Names the run in errors. */
  readonly name: string;
  /** Number of classes or findings. */
  readonly classes: number;
  readonly signal?: AbortSignal;
}

/**
 * Estimates the time of one run, in seconds, and the memory of its process, in bytes.
 * @param options.sizes number of images in each part of the split
 * @throws UnavailableError if no training step can be executed, for example for lack of memory
 */
export async function estimateRun(
  config: RunConfig,
  { sizes, ...options }: MeasureRunOptions & { readonly sizes: SplitSize },
): Promise<{ readonly seconds: number; readonly residentBytes: number }> {
  const cost = await measureRun(config, options);
  return {
    seconds: runSeconds(cost, config.training, sizes),
    residentBytes: cost.residentBytes,
  };
}

/** Share of a time budget that is planned for: steps that run while images load are slower than those that are measured. */
const PLANNED_SHARE = 0.9;

/**
 * The number of epochs that a run has time for, by a few measured steps, with 10 % of the time in reserve.
 * @param options.seconds time of the whole run, test and explanations included
 * @throws InputError if there is no time for one
 * @throws UnavailableError if no training step can be executed
 */
export async function epochsWithin(
  config: RunConfig,
  {
    sizes,
    seconds,
    ...options
  }: MeasureRunOptions & { readonly sizes: SplitSize; readonly seconds: number },
): Promise<number> {
  return plannedEpochs(await measureRun(config, options), { config, sizes, seconds });
}

/** The number of epochs of {@link epochsWithin}, for a measured cost. */
export function plannedEpochs(
  cost: StepCost,
  {
    config: { training, explanations },
    sizes,
    seconds,
  }: { readonly config: RunConfig; readonly sizes: SplitSize; readonly seconds: number },
): number {
  const explaining = explanations.images === 0 ? 0 : explanations.seconds;
  const [none, one] = [0, 1].map(
    (epochs) => explaining + runSeconds(cost, { ...training, epochs }, sizes),
  );
  const epochs = Math.floor((PLANNED_SHARE * seconds - none) / (one - none));
  if (epochs < 1)
    throw new InputError({
      path: '--hours',
      message: `got ${seconds / 3600}, but one epoch with test and explanations takes about ${(one / PLANNED_SHARE / 3600).toPrecision(2)} hours`,
      hint: 'more time, smaller images (--size) or a smaller model (--model)',
    });
  return epochs;
}

/**
 * Measures a few training steps in a separate process, on random images and from random weights.
 * @throws UnavailableError if no training step can be executed
 */
export async function measureRun(
  config: RunConfig,
  { name, classes, signal }: MeasureRunOptions,
): Promise<StepCost> {
  const model = { ...omitKeys(config.model, 'weights'), name: config.model.name };
  const exit = await spawnWorker(
    { type: 'measure', config: { ...config, model }, classes },
    { signal },
  );
  signal?.throwIfAborted();
  if (exit.result?.type === 'cost') return exit.result.cost;
  throw new UnavailableError(
    `${name}: no training step could be executed: ${describeFailure(exit)}`,
  );
}

/** Expected time of a run, in seconds. */
export function runSeconds(
  { secondsPerBatch }: StepCost,
  { epochs, batchSize }: RunConfig['training'],
  { train, validation, test }: SplitSize,
): number {
  const batches = (images: number): number => Math.ceil(images / batchSize);
  const training = epochs * batches(train);
  const evaluation = epochs * batches(validation) + 2 * batches(test);
  return OVERHEAD_SECONDS + secondsPerBatch * (training + EVALUATION_COST * evaluation);
}
