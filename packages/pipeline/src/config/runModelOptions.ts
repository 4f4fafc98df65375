import { InputError, type Issue } from '@nonlocal-med/core';
import { checkModelOptions, type ModelOptions, modelOptionsSchema } from '@nonlocal-med/models';
import { z } from 'zod';
import { omitKeys, type RawOptions } from './mergeOptions.js';
import type { RunConfig } from './runConfigSchema.js';

/** Model options that a configuration does not contain because the run determines them, and from what. */
const determinedByRun: Readonly<Record<string, string>> = {
  classes: 'determined by the data set',
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

/** One option of a model as JSON Schema: description, default, and `enum`, or `type` with its limits. */
export type ModelOptionSchema = z.core.JSONSchema.BaseSchema;

/**
 * The options of a model that can be set in the `model` section of a configuration.
 * @throws InputError for an unknown name.
 */
export function configurableOptions(name: string): Readonly<Record<string, ModelOptionSchema>> {
  const schema = z.toJSONSchema(modelOptionsSchema(name), { unrepresentable: 'any' });
  const options = schema.properties as Record<string, ModelOptionSchema>;
  return omitKeys(options, ...Object.keys(determinedByRun));
}

/** The options that `createModel` takes for a run. */
export function runModelOptions(
  { model, preprocessing, seed }: Pick<RunConfig, 'model' | 'preprocessing' | 'seed'>,
  classes: number,
): ModelOptions {
  return { ...omitKeys(model, 'name', 'weights'), classes, inputSize: preprocessing.size, seed };
}
