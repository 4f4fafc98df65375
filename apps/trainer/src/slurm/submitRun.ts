import { basename, dirname, join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { estimateRun } from '@nonlocal-med/experiment';
import { openRunData, type RunConfig } from '@nonlocal-med/pipeline';
import { runFiles } from '@nonlocal-med/runs';
import { createProgressDisplay, resolveUserPath } from '@nonlocal-med/terminal';
import { fetchWeights } from '../commands/experimentSteps.js';
import { givesOption, type SlurmResources } from './sbatchDirectives.js';
import type { SlurmFlags } from './slurmFlags.js';
import type { SlurmCommand } from './slurmScript.js';
import { submitJob, type SubmitOptions } from './submitJob.js';
import { thisProgram } from './taskCommand.js';
import { taskResources } from './taskResources.js';

/** A training that becomes a job. */
export interface RunRequest extends SubmitOptions {
  /** Folder of the run. */
  readonly folder: string;
  readonly config: RunConfig;
  /** Of a run that is resumed: trains to this number of epochs. */
  readonly epochs?: number;
  /** Options of sbatch. */
  readonly options: string;
  readonly signal: AbortSignal;
}

/**
 * Submits the training of one run as a job that starts it, and resumes it after an interruption.
 * @param start the command that starts the run; for a run that exists, left out
 */
export async function submitRun(
  { folder, config, epochs, options, signal, ...submission }: RunRequest,
  start?: SlurmCommand,
): Promise<void> {
  const name = basename(folder);
  const resources = await checkAndMeasure(config, { options, signal });
  // A run that has begun has its weights in a checkpoint.
  if (start !== undefined && submission.print === undefined)
    await fetchWeights([{ config }], '--weights FILE');
  const more = epochs === undefined ? [] : ['--epochs', String(epochs)];
  const resume = { words: [...thisProgram(), 'resume', folder, ...more], setsThreads: false };
  await submitJob(
    join(dirname(folder), `${name}.sbatch`),
    {
      name,
      purpose: `Trains ${config.model.name} in ${name}, and resumes the training after an interruption.`,
      resources,
      options,
      folder: resolveUserPath('.'),
      log: join(dirname(folder), `${name}.slurm-%j.log`),
      command: start ?? resume,
      ...(start === undefined
        ? {}
        : { resume: { ...resume, exists: join(folder, runFiles.config) } }),
    },
    submission,
  );
}

/**
 * Checks the images of a run, so that what is wrong with them is said now and not by the job.
 * @returns what the run needs, measured in a few steps unless the user says both memory and time
 */
async function checkAndMeasure(
  config: RunConfig,
  { options, signal }: Pick<RunRequest, 'options' | 'signal'>,
): Promise<SlurmResources> {
  const display = createProgressDisplay();
  const { dataset, split } = await openRunData(config, {
    signal,
    onProgress: (done, total) => display.stage('checking images', done, total),
  });
  if (givesOption(options, 'memory') && givesOption(options, 'time')) return {};
  display.stage('measuring steps', 0, 1);
  const { seconds, residentBytes } = await estimateRun(config, {
    name: config.model.name,
    classes: dataset.classes.length,
    sizes: {
      train: split.train.length,
      validation: split.validation.length,
      test: split.test.length,
    },
    signal,
  });
  display.stage('measuring steps', 1, 1);
  return taskResources({ seconds, residentBytes });
}

/** The options of sbatch that a command was given; null if it is not to be submitted. */
export function requestedOptions({ slurm, print }: SlurmFlags): string | null {
  if (slurm === undefined && print === true)
    throw new InputError({
      path: '--print',
      message: 'was given without --slurm',
      hint: '--slurm "<options of sbatch>" --print; "" if there are none',
    });
  return slurm ?? null;
}
