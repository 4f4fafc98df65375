/** The options of a run in words, for help and documentation. */
import { listSchemaOptions, optionValue, type SchemaOption } from '@nonlocal-med/core';
import { z } from 'zod';
import { syntheticSchema } from './imageSchemas.js';
import type { OptionFlag } from './optionSources.js';
import { diskRunSchema } from './runConfigSchema.js';

/** A section of a configuration. */
export interface OptionSection {
  readonly name: string;
  readonly description: string;
  readonly options: readonly SchemaOption[];
}

/** The sections of the configuration of a run on images from disk; of the model only name and weights. */
export function listRunSections(): OptionSection[] {
  return Object.entries(diskRunSchema.shape).map(([name, schema]) => ({
    name,
    description: describe(schema),
    options: listSchemaOptions(schema, name),
  }));
}

/** The options of `data` with the built-in synthetic images instead of a data set. */
export function listSyntheticOptions(): SchemaOption[] {
  return listSchemaOptions(syntheticSchema, 'data');
}

/** The description of a section, which may be inside its default. */
function describe(schema: z.ZodType): string {
  return (
    schema.description ??
    (schema instanceof z.ZodPrefault ? describe(schema.unwrap() as z.ZodType) : '')
  );
}

/** Values that say no more than the name of the flag and its description. */
const VAGUE: readonly string[] = ['text', 'true, false', 'a mapping', 'a list, each text'];

let optionByPath: ReadonlyMap<string, SchemaOption> | undefined;

function optionAt(path: string): SchemaOption | undefined {
  optionByPath ??= new Map(
    listRunSections().flatMap(({ options }) => options.map((option) => [option.path, option])),
  );
  return optionByPath.get(path);
}

/** The texts that the value of a flag is limited to, or that mean something there; empty where it may be anything. */
export const choicesOfFlag = ({ path }: OptionFlag): readonly string[] =>
  optionAt(path)?.choices ?? [];

/** The description of a flag with what its option may be, unless the flag lists it, and the option's default. */
export function describeFlag({ flags, path, description }: OptionFlag): string {
  const option = optionAt(path);
  if (option === undefined) return description;
  const { values, default: fallback } = option;
  const saysValues = flags.includes('|') || flags.includes('...') || VAGUE.includes(values);
  const facts = [
    ...(saysValues || mentionsAll(description, values) ? [] : [values]),
    ...(fallback === undefined || /\bdefault\b/.test(description)
      ? []
      : [`default: ${optionValue(fallback)}`]),
  ];
  return facts.length === 0 ? description : `${description} (${facts.join('; ')})`;
}

const mentionsAll = (description: string, values: string): boolean =>
  values.split(/, (?:or )?/).every((value) => description.includes(value));
