import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createRunFolder, openRunFolder, runFiles, type RunFolder } from '@nonlocal-med/runs';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainOptions } from '../options/trainOptionsSchema.js';

/** The run's folder that `fit` was given; a path without a run becomes one, unless a run is to be resumed. */
export async function openRun(
  run: RunFolder | string,
  { options, resume }: { options: TrainOptions; resume: boolean },
): Promise<RunFolder> {
  if (typeof run !== 'string') return run;
  const exists = await access(join(run, runFiles.config)).then(
    () => true,
    () => false,
  );
  if (exists || resume) return openRunFolder(run);
  return createRunFolder(run, {
    config: options,
    environment: { node: process.version, backend: tf.getBackend(), tfjs: tf.version_core },
  });
}
