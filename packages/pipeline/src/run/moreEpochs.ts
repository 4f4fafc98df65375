import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { count, InputError } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import {
  isExperimentFolder,
  lockRun,
  openRunFolder,
  readEvents,
  RESULT_HASHES_FILE,
  runFiles,
  type RunFolder,
} from '@nonlocal-med/runs';
import { dependsOnEpochs } from '@nonlocal-med/train';
import { configText } from '../config/configText.js';
import { mergeOptions, type RawOptions } from '../config/mergeOptions.js';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { upgradeOptions } from '../config/renamedOptions.js';
import type { RunConfig } from '../config/runConfigSchema.js';

/**
 * Checks that a run can be trained to another number of epochs and end as if it had been requested at first.
 * @param epochs in all, those that are done included
 * @returns the number, or undefined if the run is configured for it already
 * @throws InputError that says why it cannot.
 */
export async function checkMoreEpochs(
  run: RunFolder,
  { training }: RunConfig,
  epochs: number,
): Promise<number | undefined> {
  const refuse = (message: string, hint: string): never => {
    throw new InputError({ path: '--epochs', message, hint });
  };
  const { state, epochs: done } = await run.status();
  if (epochs === training.epochs) return undefined;
  if (state === 'new') return epochs;
  if (epochs < done || (epochs === done && state === 'finished'))
    refuse(`got ${epochs}`, `more than ${done}: ${count(done, 'epoch')} of this run are done`);
  // FOLDER/runs/ROW/repeat-1
  if (await isExperimentFolder(join(run.path, '../../..')))
    refuse(
      `the run belongs to an experiment, whose table compares runs of ${count(training.epochs, 'epoch')}`,
      'another experiment with this number as training.epochs',
    );
  const { schedule, earlyStopping } = training;
  const startAnew = `a new run with --epochs ${epochs}`;
  if (dependsOnEpochs(schedule))
    refuse(
      `the run was started for ${count(training.epochs, 'epoch')} with the schedule ${schedule.kind}, whose learning rate ends with them; for ${epochs} it would have been another one from the first step on`,
      `${startAnew}; runs with the schedule constant, step or warm-restarts can be continued`,
    );
  const last = (await readEvents(run.file(runFiles.events))).findLast(({ type }) => type === 'end');
  if (last?.type === 'end' && last.reason === 'early-stop')
    refuse(
      `the run stopped early after epoch ${done}, since ${earlyStopping?.metric ?? training.selection} had not improved for ${count(earlyStopping?.patience ?? 0, 'epoch')}: it would stop there whatever the number of epochs`,
      'a new run with a larger training.earlyStopping.patience, or without early stopping',
    );
  return epochs;
}

/** What a test wrote, which does not hold for a run that is trained on. */
const results = [
  RESULT_HASHES_FILE,
  runFiles.predictions,
  runFiles.model,
  runFiles.decision,
  runFiles.explanations,
  runFiles.report,
];

/**
 * Records another number of epochs in the configuration of a run, and removes the results of its test. Wherever it is
 * interrupted, `resume` completes the run, with the old number of epochs or the new one.
 * @returns the run with its new configuration
 */
export async function setEpochs(run: RunFolder, epochs: number): Promise<RunFolder> {
  const lock = await lockRun(run.path);
  try {
    const { options } = upgradeOptions((run.config ?? {}) as RawOptions);
    const config = parseRunConfig(mergeOptions(options, { training: { epochs } }));
    await rm(run.file(runFiles.metrics), { force: true });
    await writeAtomic(run.file(runFiles.config), configText(config));
    for (const name of results) await rm(run.file(name), { recursive: true, force: true });
  } finally {
    await lock.release();
  }
  return openRunFolder(run.path);
}
