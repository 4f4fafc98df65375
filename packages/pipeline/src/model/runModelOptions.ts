import type { ModelOptions } from '@nonlocal-med/models';
import { omitKeys } from '../config/omit.js';
import type { RunConfig } from '../config/runConfigSchema.js';

/** What `createModel` takes, from a run's configuration. */
export function runModelOptions(
  { model, preprocessing, seed }: Pick<RunConfig, 'model' | 'preprocessing' | 'seed'>,
  classes: number,
): ModelOptions {
  return { ...omitKeys(model, 'name', 'weights'), classes, inputSize: preprocessing.size, seed };
}
