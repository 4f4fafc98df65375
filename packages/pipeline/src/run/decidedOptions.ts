import { isPlainObject } from '../config/mergeOptions.js';
import type { RunConfig } from '../config/runConfigSchema.js';

/**
 * Options that a run decides by its images or its machine, by dotted path: the value with which they are left to it;
 * undefined where they are left out.
 */
export const leftToRun: Readonly<Record<string, 'auto' | undefined>> = {
  augmentation: 'auto',
  'training.precision': 'auto',
  'training.dropLast': undefined,
  'preprocessing.values': undefined,
};

/**
 * The options of {@link leftToRun} that a run has decided.
 * @param given the configuration that it was started with
 * @param config the one that it trains with
 */
export function decidedOptions(given: RunConfig, config: RunConfig): string[] {
  return Object.entries(leftToRun).flatMap(([path, left]) =>
    optionAt(given, path) === left && optionAt(config, path) !== left ? [path] : [],
  );
}

const optionAt = (config: RunConfig, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (isPlainObject(value) ? value[name] : undefined), config);
