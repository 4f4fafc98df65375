import { optionValue, type SchemaOption } from '@nonlocal-med/core';
import { parse, stringify } from 'yaml';
import { listRunSections, listSyntheticOptions } from './listOptions.js';
import { isPlainObject, type RawOptions } from './mergeOptions.js';
import type { RunConfig } from './runConfigSchema.js';
import { configurableOptions } from './runModelOptions.js';

/**
 * A configuration as YAML that lists every option: those that are not set as comments, below the others of their section,
 * each with its values or default and the first sentence of its description. It parses to the same configuration.
 */
export function configText(config: RunConfig): string {
  const plain = parse(stringify(config)) as RawOptions;
  return `# Every option of this run; those that are not set are comments. docs/options.md explains all of them.\n${mapping(plain, listOptions(config)).join('\n')}\n`;
}

/** The options that this configuration can have. */
function listOptions({ data, model }: RunConfig): SchemaOption[] {
  const sections = listRunSections().flatMap(({ name, options }) =>
    name === 'data' && data.kind === 'tiny-lesions' ? listSyntheticOptions() : [...options],
  );
  return [...sections, ...configurableOptions(model.name, 'model')];
}

/** The lines of an object, with comments for options that it does not have; paths of options are relative to it. */
function mapping(values: RawOptions, options: readonly SchemaOption[]): string[] {
  const set = Object.entries(values).flatMap(([key, value]): string[] => {
    const below = optionsBelow(key, options);
    return isPlainObject(value) && below.length > 0
      ? [keyLine(key, value), ...mapping(value, below).map(indent)]
      : stringify({ [key]: value })
          .trimEnd()
          .split('\n');
  });
  const unset = options.filter(({ path }) => !(path.split('.')[0] in values));
  return [...set, ...unset.map(commentLine)];
}

/** Without any option that is set, a key alone would be null. */
const keyLine = (key: string, value: RawOptions): string =>
  Object.keys(value).length === 0 ? `${key}: {} # without {} once an option is set` : `${key}:`;

const optionsBelow = (key: string, options: readonly SchemaOption[]): SchemaOption[] =>
  options
    .filter(({ path }) => path.startsWith(`${key}.`))
    .map((option) => ({ ...option, path: option.path.slice(key.length + 1) }));

const indent = (line: string): string => (line === '' ? '' : `  ${line}`);

/** `# classWeights: # a list, each a number above 0. Weight of each class in the loss.` */
function commentLine({ path, values, default: preset, description }: SchemaOption): string {
  const keys = path.split('.');
  const [sentence] = /^.*?\.(?= [A-Z]|$)/s.exec(description) ?? [description];
  const shown = preset === undefined ? '' : ` ${optionValue(preset)}`;
  const meaning = [values, sentence].filter((text) => text !== '').join('. ');
  return `# ${'  '.repeat(keys.length - 1)}${keys.at(-1)}:${shown} # ${meaning}`;
}
