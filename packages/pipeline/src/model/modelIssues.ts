import { InputError, type Issue } from '@nonlocal-med/core';
import { checkModelOptions } from '@nonlocal-med/models';
import type { RawOptions } from '../config/mergeOptions.js';
import { omitKeys } from '../config/omit.js';
import { decidedByRun } from './configurableOptions.js';

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
