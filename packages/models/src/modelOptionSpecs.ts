import { modelRegistry } from './modelRegistry.js';
import { generalOptions } from './options/generalOptions.js';
import type { OptionSpec, OptionSpecs } from './options/optionSpec.js';
import { splitModelName } from './splitModelName.js';

/**
 * The options of a model with their meaning, defaults, choices and ranges.
 * @throws InputError when the name is unknown
 */
export function modelOptionSpecs(name: string): OptionSpecs {
  const { backbone, variation } = modelRegistry.get(splitModelName(name).name);
  const own: Record<string, OptionSpec> = { ...variation.options };
  if (own.taps?.kind === 'choice')
    own.taps = {
      ...own.taps,
      choices: own.taps.choices.filter((choice) =>
        (backbone.taps as readonly unknown[]).includes(choice),
      ),
    };
  return { ...generalOptions, ...backbone.options, ...own };
}
