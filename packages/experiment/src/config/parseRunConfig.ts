import { throwFaults, type Fault } from '@nonlocal-med/core';
import { InputError } from '@nonlocal-med/core';
import { modelFaults } from '../model/modelFaults.js';
import type { RawOptions } from './mergeOptions.js';
import { diskRunSchema, syntheticRunSchema, type RunConfig } from './runConfigSchema.js';
import { schemaKeys } from './schemaKeys.js';
import { zodFaults } from './zodFaults.js';

/**
 * The one gate of a run's configuration: options as they come from YAML and flags become resolved options. Past it
 * nothing checks them again.
 * @throws InputError with every fault: the option's path, its value, what is allowed.
 */
export function parseRunConfig(raw: RawOptions): RunConfig {
  const data = raw.data as RawOptions | undefined;
  const schema = data?.kind === 'tiny-lesions' ? syntheticRunSchema : diskRunSchema;
  const result = schema.safeParse(raw);
  const faults: Fault[] = result.success ? [] : zodFaults(result.error, raw, (path) => schemaKeys(schema, path));
  const model = typeof raw.model === 'object' && raw.model !== null ? (raw.model as RawOptions) : {};
  faults.push(...modelFaults(model));
  throwFaults(faults);
  if (!result.success) throw new InputError(faults);
  return result.data;
}
