import { InputError } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { describeLoadReport } from '@nonlocal-med/models';
import { createRunFolder, requireNewFolder } from '@nonlocal-med/runs';
import { absolutePaths } from '../config/absolutePaths.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { openRunData, type RunData } from '../data/runData.js';
import { completeRun, type RunOutcome } from './completeRun.js';
import { createRunModel } from './createRunModel.js';
import { describeEnvironment } from './describeEnvironment.js';
import type { ProgressListener } from './progressListener.js';
import { chooseKernels } from './runEngine.js';

/** Where a new run goes, and how it is watched and stopped. */
export interface StartRunOptions extends ProgressListener {
  /** A new or empty folder. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** How images come to the network this time. It changes no number and is not recorded. */
  readonly loader?: Partial<RunConfig['loader']>;
}

/**
 * A new run from its configuration to its metrics: opens and checks the images, loads the weights, makes the folder,
 * trains, tests and exports. Everything that can be wrong with the input is found before the folder is made. Paths in the
 * configuration are relative to the current directory.
 * @throws InputError, UnavailableError as its parts do.
 */
export async function startRun(
  given: RunConfig,
  { folder, signal, loader, ...listener }: StartRunOptions,
): Promise<RunOutcome> {
  await requireNewFolder(folder);
  const config = absolutePaths(given);
  const engine = await useEngine(config.engine);
  if (engine.engine === 'wasm') listener.onNote?.(`Engine: ${engine.reason}`);
  const kernels = chooseKernels(engine, config.engine);
  if (kernels !== undefined) listener.onNote?.(kernels);
  const data = await openRunData(config, {
    signal,
    onProgress: (done, total) => listener.onImages?.('checking images', done, total),
  });
  noteData(data, listener);
  requireWeightPerClass(config, data);
  const { model, loaded } = await createRunModel(config, data.dataset.classes.length, {
    onProgress: listener.onNote,
  });
  try {
    if (loaded !== undefined) listener.onNote?.(`Weights: ${describeLoadReport(loaded.report)}`);
    const environment = {
      ...(await describeEnvironment({ config, data, engine })),
      ...(loaded === undefined ? {} : { pretrained: loaded }),
    };
    const run = await createRunFolder(folder, { config, environment });
    return await completeRun({
      run,
      config: { ...config, loader: { ...config.loader, ...loader } },
      data,
      model,
      signal,
      listener,
    });
  } finally {
    model.dispose();
  }
}

function noteData({ dataset, split, notes }: RunData, { onNote }: ProgressListener): void {
  for (const note of notes) onNote?.(note);
  if (split.test.length === 0)
    onNote?.(
      'There is no test side (split.test is 0): the run is trained and exported, its metrics are not defined.',
    );
  const { length } = dataset.skipped;
  if (length > 0)
    onNote?.(
      `Left out: ${length} ${length === 1 ? 'image that' : 'images that'} cannot be read; environment.json lists ${length === 1 ? 'it' : 'them'}.`,
    );
}

function requireWeightPerClass({ training }: RunConfig, { dataset }: RunData): void {
  const { length } = training.classWeights ?? dataset.classes;
  if (length === dataset.classes.length) return;
  throw new InputError({
    path: 'training.classWeights',
    message: `has ${length} weights`,
    hint: `${dataset.classes.length}, one for each of ${dataset.classes.join(', ')}`,
  });
}
