import { access } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainOptions } from '../options/trainOptionsSchema.js';
import { createRunFolder } from '../run/createRunFolder.js';
import { openRunFolder } from '../run/openRunFolder.js';
import { runFiles } from '../run/runFiles.js';
import type { RunFolder } from '../run/runFolder.js';

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
