import { InputError, schemaIssues, throwIssues } from '@nonlocal-med/core';
import { modelIssues } from '../model/modelIssues.js';
import { isPlainObject, type RawOptions } from './mergeOptions.js';
import { diskRunSchema, type RunConfig, syntheticRunSchema } from './runConfigSchema.js';
import { sectionIssues } from './sectionIssues.js';

/**
 * The one gate of a run's configuration: options as they come from YAML and flags become resolved options. Past it
 * nothing checks them again.
 * @throws InputError with every issue: the option's path, its value, what is allowed.
 */
export function parseRunConfig(raw: RawOptions): RunConfig {
  const synthetic =
    isPlainObject(raw) && isPlainObject(raw.data) && raw.data.kind === 'tiny-lesions';
  const schema = synthetic ? syntheticRunSchema : diskRunSchema;
  const result = schema.safeParse(raw);
  const model = isPlainObject(raw) && isPlainObject(raw.model) ? modelIssues(raw.model) : [];
  if (!result.success)
    throw new InputError([...schemaIssues(result.error, { schema, input: raw }), ...model]);
  throwIssues([...model, ...sectionIssues(result.data)]);
  return result.data;
}
