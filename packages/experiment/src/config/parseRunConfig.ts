import { InputError, throwFaults } from '@nonlocal-med/core';
import { modelFaults } from '../model/modelFaults.js';
import { isPlainObject, type RawOptions } from './mergeOptions.js';
import { diskRunSchema, type RunConfig, syntheticRunSchema } from './runConfigSchema.js';
import { schemaKeys } from './schemaKeys.js';
import { sectionFaults } from './sectionFaults.js';
import { zodFaults } from './zodFaults.js';

/**
 * The one gate of a run's configuration: options as they come from YAML and flags become resolved options. Past it
 * nothing checks them again.
 * @throws InputError with every fault: the option's path, its value, what is allowed.
 */
export function parseRunConfig(raw: RawOptions): RunConfig {
  const synthetic =
    isPlainObject(raw) && isPlainObject(raw.data) && raw.data.kind === 'tiny-lesions';
  const schema = synthetic ? syntheticRunSchema : diskRunSchema;
  const result = schema.safeParse(raw);
  const model = isPlainObject(raw) && isPlainObject(raw.model) ? modelFaults(raw.model) : [];
  if (!result.success)
    throw new InputError([
      ...zodFaults(result.error, raw, (path) => schemaKeys(schema, path)),
      ...model,
    ]);
  throwFaults([...model, ...sectionFaults(result.data)]);
  return result.data;
}
