import { balancedClassWeights } from '@nonlocal-med/data';
import type { RunFolder, RunMetrics } from '@nonlocal-med/runs';
import { fit } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { omitKeys } from '../config/mergeOptions.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunLoader, type RunData } from '../data/runData.js';
import type { ProgressListener } from './progressListener.js';
import { testRun } from './testRun.js';

/** How a run ended. */
export interface RunOutcome {
  readonly folder: string;
  readonly reason: 'finished' | 'early-stop' | 'interrupted';
  /** Absent when the run was interrupted. */
  readonly metrics?: RunMetrics;
}

/** A run with everything that its configuration names, opened. */
export interface OpenRun {
  readonly run: RunFolder;
  readonly config: RunConfig;
  readonly data: RunData;
  readonly model: LayersModel;
  readonly signal?: AbortSignal;
  readonly listener: ProgressListener;
}

/** Trains a run from where it stands to its end, then tests and exports it. A stop while testing is an interruption too: nothing is lost but the tests. */
export async function completeRun(open: OpenRun): Promise<RunOutcome> {
  const { run, signal } = open;
  const reason = await train(open);
  if (reason === 'interrupted') return { folder: run.path, reason };
  try {
    return { folder: run.path, reason, metrics: await testRun(open) };
  } catch (error) {
    if (signal?.aborted === true) return { folder: run.path, reason: 'interrupted' };
    throw error;
  }
}

async function train({
  run,
  config,
  data,
  model,
  signal,
  listener,
}: OpenRun): Promise<RunOutcome['reason']> {
  const { classes } = data.dataset;
  const warn = (message: string): void => listener.onEvent?.({ type: 'warning', message });
  const trainLoader = createRunLoader(data.split.train, config, {
    classes,
    training: true,
    onWarning: warn,
  });
  const validationLoader =
    data.split.validation.length > 0
      ? createRunLoader(data.split.validation, config, {
          classes,
          training: false,
          onWarning: warn,
        })
      : undefined;
  let reason: RunOutcome['reason'] = 'interrupted';
  try {
    const events = fit({
      ...omitKeys(config.training, 'batchSize', 'balancedLoss'),
      ...(config.training.balancedLoss
        ? {
            classWeights: balancedClassWeights(
              data.split.train.map(({ label }) => label),
              classes.length,
            ),
          }
        : {}),
      model,
      train: trainLoader,
      validation: validationLoader,
      seed: config.seed,
      graph: config.engine.graph,
      run,
      resume: true,
      signal,
    });
    for await (const event of events) {
      listener.onEvent?.(event);
      if (event.type === 'end') reason = event.reason;
    }
  } finally {
    await trainLoader.close();
    await validationLoader?.close();
  }
  return reason;
}
