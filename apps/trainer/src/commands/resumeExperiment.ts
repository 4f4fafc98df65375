import { join } from 'node:path';
import { commandLine } from '@nonlocal-med/core';
import { cacheRoot } from '@nonlocal-med/core/node';
import { type ExperimentDefinition, planExperiment } from '@nonlocal-med/experiment';
import { type RawOptions, readYaml, revealPaths } from '@nonlocal-med/pipeline';
import { experimentFiles } from '@nonlocal-med/runs';
import { requireKnownData } from '../options/readOptions.js';
import type { ResumeOptions } from '../options/runOptions.js';
import { executeExperiment } from './executeExperiment.js';
import { clusterOptions, refuseFlags } from './singleRunFlags.js';

/** `resume` of a cross-validation or another experiment: trains what is left, as its definition says. */
export async function resumeExperiment(
  folder: string,
  { epochs, ...options }: ResumeOptions,
  signal: AbortSignal,
): Promise<void> {
  refuseFlags({
    '--epochs': [epochs, 'all runs of an experiment are trained for the epochs of its definition'],
    ...clusterOptions(options),
  });
  const file = join(folder, experimentFiles.definition);
  const definition = revealPaths(
    await readYaml(file, 'the definition of an experiment, in the folder that it was started in'),
  );
  requireKnownData((definition.base ?? {}) as RawOptions, {
    file,
    hint: 'base.data.path in this file: their folder or CSV manifest on this machine',
  });
  process.exitCode = await executeExperiment(
    planExperiment(definition as unknown as ExperimentDefinition),
    {
      folder,
      json: options.json,
      again: resumeCommandOf(folder),
      otherWeights: `the file, with its name, in ${join(cacheRoot(), 'weights')}`,
      signal,
    },
  );
}

/** The command that continues an experiment. */
export const resumeCommandOf = (folder: string): string => commandLine('trainer', 'resume', folder);
