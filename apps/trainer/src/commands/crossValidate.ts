import { rmdir } from 'node:fs/promises';
import { crossValidation, planExperiment } from '@nonlocal-med/experiment';
import { requireNewFolder } from '@nonlocal-med/runs';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { hasAutomaticBatch } from '../options/measuredOptions.js';
import { newRunFolder } from '../options/newRunFolder.js';
import { readOptions } from '../options/readOptions.js';
import type { TrainOptions } from '../options/runOptions.js';
import { weightsAdvice } from '../output/suggestWeights.js';
import { executeExperiment } from './executeExperiment.js';
import { resumeCommandOf } from './resumeExperiment.js';
import { clusterOptions, refuseFlags } from './singleRunFlags.js';

/** `train --folds`: one configuration trained on every fold of a cross-validation, as an experiment with one row. */
export async function crossValidate(
  { folds, ...options }: TrainOptions & { readonly folds: number },
  signal: AbortSignal,
): Promise<void> {
  refuseFlags({
    '--test': [options.test, 'each fold is the test set once'],
    '--hours': [options.hours, MEASURED],
    '--memory-limit': [options.memoryLimit, MEASURED],
    ...clusterOptions(options),
  });
  const given = await readOptions(options);
  refuseFlags({ '--batch auto': [hasAutomaticBatch(given) || undefined, MEASURED] });
  const plan = planExperiment(crossValidation(given, folds));
  const [{ config }] = plan.runs;
  const folder =
    options.out === undefined
      ? await newRunFolder(config, { folds: true })
      : resolveUserPath(options.out);
  await requireNewFolder(folder);
  if (options.out === undefined && options.json === undefined)
    process.stderr.write(`Folder of the cross-validation: ${folder}\n`);
  try {
    process.exitCode = await executeExperiment(plan, {
      folder,
      json: options.json,
      again: resumeCommandOf(folder),
      otherWeights: '--weights FILE',
      advise: ({ sizes }) => weightsAdvice(config, sizes[0].train),
      signal,
    });
  } finally {
    // Left empty if it could not start.
    if (options.out === undefined) await rmdir(folder).catch(() => undefined);
  }
}

const MEASURED =
  'numbers for --batch and --epochs, which one training with these flags measures and reports';
