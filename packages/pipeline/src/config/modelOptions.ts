import { InputError, type Issue } from '@nonlocal-med/core';
import { checkModelOptions, type ModelOptions, modelOptionSpecs } from '@nonlocal-med/models';
import { omitKeys, type RawOptions } from './mergeOptions.js';
import type { RunConfig } from './runConfigSchema.js';

/** What is wrong with the model section of a configuration: unknown names and options, values out of range. */
export function modelIssues(model: RawOptions): Issue[] {
  const { name = 'resnet18-nla' } = model;
  const options = omitKeys(model, 'name', 'weights');
  const own = Object.keys(options).filter((key) => key in decidedByRun);
  const issues = own.map((key): Issue => ({
    path: `model.${key}`,
    message: 'is not for the configuration',
    hint: decidedByRun[key],
  }));
  if (typeof name !== 'string' || name === '') return issues;
  const given = Object.fromEntries(
    Object.entries(options).filter(([key]) => !(key in decidedByRun)),
  );
  try {
    checkModelOptions(name, { ...given, classes: 2, inputSize: 64 });
    return issues;
  } catch (error) {
    if (error instanceof InputError) return [...issues, ...error.issues];
    throw error;
  }
}

/** Options that a run decides for its model, and by what. */
const decidedByRun: Readonly<Record<string, string>> = {
  classes: 'the data set decides',
  inputSize: 'preprocessing.size decides',
  seed: 'the seed of the run decides',
  probabilities: 'training needs logits',
};

/**
 * The options of a model that stand in the `model` section of a configuration.
 * @throws InputError for an unknown name.
 */
export function configurableOptions(name: string): ReturnType<typeof modelOptionSpecs> {
  return Object.fromEntries(
    Object.entries(modelOptionSpecs(name)).filter(([option]) => !(option in decidedByRun)),
  );
}

/** What `createModel` takes, from a run's configuration. */
export function runModelOptions(
  { model, preprocessing, seed }: Pick<RunConfig, 'model' | 'preprocessing' | 'seed'>,
  classes: number,
): ModelOptions {
  return { ...omitKeys(model, 'name', 'weights'), classes, inputSize: preprocessing.size, seed };
}
