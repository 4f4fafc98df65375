import type { ModelOptions } from '@nonlocal-med/models';
import type { RunConfig } from '../config/runConfigSchema.js';

/** What `createModel` takes, from a run's configuration. */
export function runModelOptions({ model, preprocessing, seed }: Pick<RunConfig, 'model' | 'preprocessing' | 'seed'>, classes: number): ModelOptions {
  const { name: _name, weights: _weights, ...options } = model;
  return { ...options, classes, inputSize: preprocessing.size, seed };
}
