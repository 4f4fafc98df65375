import { useEngine } from '@nonlocal-med/engine';
import { createRunFolder } from '@nonlocal-med/train';
import type { RunConfig } from '../config/runConfigSchema.js';
import { openRunData } from '../data/openRunData.js';
import { createRunModel } from '../model/createRunModel.js';
import { describeEnvironment } from './describeEnvironment.js';
import { completeRun, type RunOutcome } from './completeRun.js';
import type { ProgressListener } from './progressListener.js';

/** Where a new run goes, and how it is watched and stopped. */
export interface StartRunOptions extends ProgressListener {
  /** A new or empty folder. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * A new run from its configuration to its metrics: opens and checks the images, loads the weights, makes the folder,
 * trains, tests and exports. Everything that can be wrong with the input is found before the folder is made.
 * @throws InputError, UnavailableError as its parts do.
 */
export async function startRun(config: RunConfig, { folder, signal, ...listener }: StartRunOptions): Promise<RunOutcome> {
  const engine = await useEngine(config.engine);
  if (engine.engine === 'wasm') listener.onNote?.(`Engine: ${engine.reason}`);
  const data = await openRunData(config, { signal, onProgress: (done, total) => listener.onImages?.('checking images', done, total) });
  for (const note of data.notes) listener.onNote?.(note);
  if (data.dataset.skipped.length > 0) listener.onNote?.(`${data.dataset.skipped.length} images cannot be read and are left out; environment.json lists them.`);
  const { model, loaded } = await createRunModel(config, data.dataset.classes.length, { onProgress: listener.onNote });
  try {
    if (loaded !== undefined) listener.onNote?.(loaded.summary);
    const environment = { ...(await describeEnvironment({ config, data, engine })), ...(loaded === undefined ? {} : { pretrained: { file: loaded.file, ...loaded.report } }) };
    const run = await createRunFolder(folder, { config, environment });
    return await completeRun({ run, config, data, model, signal, listener });
  } finally {
    model.dispose();
  }
}
