import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, throwIssues } from '@nonlocal-med/core';
import {
  crossValidation,
  type ExperimentDefinition,
  planExperiment,
} from '@nonlocal-med/experiment';
import { type RawOptions, readYaml, revealPaths } from '@nonlocal-med/pipeline';
import { experimentFiles } from '@nonlocal-med/runs';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { hasAutomaticBatch } from '../options/measuredOptions.js';
import { newRunFolder } from '../options/newRunFolder.js';
import { readOptions, requireKnownData } from '../options/readOptions.js';
import type { ResumeOptions, TrainOptions } from '../options/runOptions.js';
import { weightsAdvice } from '../output/suggestWeights.js';
import { executeExperiment } from './executeExperiment.js';

/** `train --folds`: one configuration trained on every fold of a cross-validation, as an experiment with one row. */
export async function crossValidate(
  { folds, ...options }: TrainOptions & { readonly folds: number },
  signal: AbortSignal,
): Promise<void> {
  refuse({
    '--test': [options.test, 'each fold is the test set once'],
    '--hours': [options.hours, MEASURED],
    '--memory-limit': [options.memoryLimit, MEASURED],
    ...clusterOptions(options),
  });
  const given = await readOptions(options);
  refuse({ '--batch auto': [hasAutomaticBatch(given) || undefined, MEASURED] });
  const plan = planExperiment(crossValidation(given, folds));
  const [{ config }] = plan.runs;
  const folder =
    options.out === undefined
      ? await newRunFolder(config, { folds: true })
      : resolveUserPath(options.out);
  if (options.out === undefined && options.json === undefined)
    process.stderr.write(`Folder of the cross-validation: ${folder}\n`);
  try {
    process.exitCode = await executeExperiment(plan, {
      folder,
      json: options.json,
      again: resumeCommandOf(folder),
      advise: ({ sizes }) =>
        config.model.weights === undefined ? [weightsAdvice(sizes[0].train) ?? []].flat() : [],
      signal,
    });
  } finally {
    // Left empty if it could not start.
    if (options.out === undefined) await rmdir(folder).catch(() => undefined);
  }
}

/** `resume` of a cross-validation or another experiment: trains what is left, as its definition says. */
export async function resumeExperiment(
  folder: string,
  { epochs, ...options }: ResumeOptions,
  signal: AbortSignal,
): Promise<void> {
  refuse({
    '--epochs': [epochs, 'all runs of an experiment are trained for the epochs of its definition'],
    ...clusterOptions(options),
  });
  const file = join(folder, experimentFiles.definition);
  const definition = revealPaths(
    await readYaml(file, 'the definition of an experiment, in the folder that it was started in'),
  );
  requireKnownData((definition.base ?? {}) as RawOptions, file);
  process.exitCode = await executeExperiment(
    planExperiment(definition as unknown as ExperimentDefinition),
    { folder, json: options.json, again: resumeCommandOf(folder), signal },
  );
}

const resumeCommandOf = (folder: string): string => commandLine('trainer', 'resume', folder);

const MEASURED =
  'numbers for --batch and --epochs, which one training with these flags measures and reports';

const ONE_RUN =
  'an experiment file with one row and repeats of kind folds can be submitted: experiment FILE --slurm';

/** Flags that one run accepts, and several runs in one folder do not. */
const clusterOptions = ({
  slurm,
  print,
  processes,
  members,
  member,
}: Pick<TrainOptions, 'slurm' | 'print' | 'processes' | 'members' | 'member'>): Flags => ({
  '--slurm': [slurm, ONE_RUN],
  '--print': [print, ONE_RUN],
  '--processes': [processes, 'each fold is trained by one process, which uses all cores'],
  '--members': [members, 'each fold is trained by one process'],
  '--member': [member, 'each fold is trained by one process'],
});

/** By flag: its value if it is given, and why it does not fit. */
type Flags = Readonly<Record<string, readonly [given: unknown, because: string]>>;

/** @throws InputError with every flag that is given. */
function refuse(flags: Flags): void {
  throwIssues(
    Object.entries(flags)
      .filter(([, [given]]) => given !== undefined)
      .map(([path, [, hint]]) => ({
        path,
        message: 'cannot be used for a cross-validation or another experiment',
        hint,
      })),
  );
}
