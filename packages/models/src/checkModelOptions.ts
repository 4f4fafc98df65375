import { InputError } from '@nonlocal-med/core';
import { modelOptionSpecs } from './modelOptionSpecs.js';
import type { ModelOptions, ResolvedModelOptions } from './options/modelOptions.js';
import { resolveOptions } from './options/resolveOptions.js';
import { splitModelName } from './splitModelName.js';

/** A model's name without its `@` part, and its options with defaults. */
export interface CheckedModel {
  readonly name: string;
  readonly options: ResolvedModelOptions;
}

/**
 * The gate of every model: name and options in, resolved options out.
 * @param options as a user gave them; unknown keys are issues
 * @throws InputError with all issues together: unknown name or options, values out of range, contradictions
 */
export function checkModelOptions(
  name: string,
  options: ModelOptions | Readonly<Record<string, unknown>>,
): CheckedModel {
  const { name: plainName, namAt } = splitModelName(name);
  const specs = modelOptionSpecs(plainName);
  if (namAt !== undefined) {
    if (!('namAt' in specs))
      throw new InputError({
        path: 'model',
        message: `"${name}": ${plainName} has no attention module to move`,
        hint: plainName,
      });
    if (options.namAt !== undefined && options.namAt !== namAt)
      throw new InputError({
        path: 'model.namAt',
        message: `${JSON.stringify(options.namAt)} contradicts the name "${name}"`,
      });
  }
  return {
    name: plainName,
    options: resolveOptions(specs, namAt === undefined ? options : { ...options, namAt }, 'model'),
  };
}
