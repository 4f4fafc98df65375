import {
  type Dataset,
  InputError,
  type Issue,
  listSchemaOptions,
  type SchemaOption,
} from '@nonlocal-med/core';
import { checkModelOptions, type ModelOptions, modelOptionsSchema } from '@nonlocal-med/models';
import type { z } from 'zod';
import { omitKeys, type RawOptions } from './mergeOptions.js';
import type { RunConfig } from './runConfigSchema.js';

/** Model options that a configuration does not contain because the run determines them, and from what. */
const determinedByRun: Readonly<Record<string, string>> = {
  classes: 'determined by the data set',
  task: 'determined by the data set',
  inputSize: 'determined by preprocessing.size',
  seed: 'determined by the seed of the run',
  probabilities: 'training needs logits',
};

/** Issues of the `model` section of a configuration: unknown names and options, values out of range. */
export function modelIssues({ name = 'resnet18-nla', ...model }: RawOptions): Issue[] {
  const given = Object.entries(omitKeys(model, 'weights'));
  const issues = given.flatMap(([option]): Issue[] =>
    option in determinedByRun
      ? [
          {
            path: `model.${option}`,
            message: 'cannot be set in a configuration',
            hint: determinedByRun[option],
          },
        ]
      : [],
  );
  if (typeof name !== 'string' || name === '') return issues;
  const options = Object.fromEntries(given.filter(([option]) => !(option in determinedByRun)));
  try {
    checkModelOptions(name, { ...options, classes: 2, inputSize: 64 });
    return issues;
  } catch (error) {
    if (error instanceof InputError) return [...issues, ...error.issues];
    throw error;
  }
}

/**
 * The options of a model that can be set in the `model` section of a configuration, in words.
 * @param path prefix of their paths, such as `model`
 * @throws InputError for an unknown name.
 */
export function configurableOptions(name: string, path = ''): SchemaOption[] {
  const { shape } = modelOptionsSchema(name);
  return Object.entries(shape)
    .filter(([option]) => !(option in determinedByRun))
    .flatMap(([option, schema]) =>
      listSchemaOptions(schema as z.ZodType, path === '' ? option : `${path}.${option}`),
    );
}

/** What the outputs of a run's model are. */
export type ModelOutputs = Pick<Dataset, 'classes' | 'task'>;

/** The options that `createModel` takes for a run on a data set. */
export function runModelOptions(
  { model, preprocessing, seed }: Pick<RunConfig, 'model' | 'preprocessing' | 'seed'>,
  { classes, task }: ModelOutputs,
): ModelOptions {
  return {
    ...omitKeys(model, 'name', 'weights'),
    classes: classes.length,
    ...(task === 'multilabel' ? { task } : {}),
    inputSize: preprocessing.size,
    seed,
  };
}
