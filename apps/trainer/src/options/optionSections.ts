import { listSchemaOptions, type SchemaOption } from '@nonlocal-med/core';
import { experimentSchema } from '@nonlocal-med/experiment';
import { modelNames } from '@nonlocal-med/models';
import { configurableOptions } from '@nonlocal-med/pipeline';
import {
  listRunSections,
  listSyntheticOptions,
  type OptionSection,
} from '@nonlocal-med/pipeline/options';
import { trainingFlags } from './trainingFlags.js';

/** An option and the flag that sets it, if there is one. */
export type ListedOption = SchemaOption & { readonly flag?: string };

/** A section of {@link optionSections}. */
export type ListedSection = Omit<OptionSection, 'options'> & {
  readonly options: readonly ListedOption[];
};

/** Every option of a run and of an experiment's file, by section, each with the flag of `train` that sets it. */
export function optionSections(): ListedSection[] {
  const flagOf = new Map(trainingFlags.map(({ path, flags }) => [path, flags]));
  const sections = listRunSections().map((section) => ({
    ...section,
    options: [...section.options, ...(section.name === 'model' ? modelOptions() : [])].map(
      (option): ListedOption =>
        flagOf.has(option.path) ? { ...option, flag: flagOf.get(option.path) } : option,
    ),
  }));
  return [
    ...sections,
    {
      name: 'synthetic',
      description:
        'Options of data for the built-in synthetic images (docs/synthetic.md), instead of those of a data set.',
      options: listSyntheticOptions(),
    },
    {
      name: 'experiment',
      description: 'The YAML file of `experiment` (docs/experiments.md).',
      options: listSchemaOptions(experimentSchema),
    },
  ];
}

/** The options of all models, each once, with the models that have it. */
function modelOptions(): SchemaOption[] {
  const names = modelNames();
  const found = new Map<string, { readonly option: SchemaOption; readonly models: string[] }>();
  for (const name of names)
    for (const option of configurableOptions(name, 'model')) {
      const key = JSON.stringify(option);
      if (!found.has(key)) found.set(key, { option, models: [] });
      found.get(key)!.models.push(name);
    }
  return [...found.values()].map(({ option, models }) => {
    const description =
      models.length === names.length
        ? option.description
        : `${option.description} Models: ${models.join(', ')}.`;
    return { ...option, description };
  });
}
