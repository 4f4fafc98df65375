import { type Fault, InputError } from '@nonlocal-med/core';
import { checkModelOptions } from '@nonlocal-med/models';
import type { RawOptions } from '../config/mergeOptions.js';
import { omit } from '../config/omit.js';
import { decidedByRun } from './configurableOptions.js';

/** What is wrong with the model section of a configuration: unknown names and options, values out of range. */
export function modelFaults(model: RawOptions): Fault[] {
  const { name = 'resnet18-nla' } = model;
  const options = omit(model, 'name', 'weights');
  const own = Object.keys(options).filter((key) => key in decidedByRun);
  const faults = own.map((key): Fault => ({
    where: `model.${key}`,
    what: 'is not for the configuration',
    allowed: decidedByRun[key],
  }));
  if (typeof name !== 'string' || name === '') return faults;
  const given = Object.fromEntries(
    Object.entries(options).filter(([key]) => !(key in decidedByRun)),
  );
  try {
    checkModelOptions(name, { ...given, classes: 2, inputSize: 64 });
    return faults;
  } catch (error) {
    if (error instanceof InputError) return [...faults, ...error.faults];
    throw error;
  }
}
