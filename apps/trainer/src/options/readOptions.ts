import { readFile } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';
import { mergeOptions, setOption, type RawOptions } from '@nonlocal-med/experiment';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { Option, type Command } from 'commander';
import { parse } from 'yaml';
import { trainingFlags } from './trainingFlags.js';

/** What commander reads: the flags of {@link trainingFlags} by their names, and two of its own. */
export type TrainingOptions = Readonly<Record<string, unknown>> & { readonly config?: string; readonly set?: readonly string[] };

/** Options that hold a path of the user's. */
const paths = ['data.path', 'data.csv', 'model.weights', 'loader.cacheFolder'];

/** Adds the flags of a training run to a command. */
export function addTrainingFlags(command: Command): Command {
  for (const { flags, description, read } of trainingFlags) command.addOption(new Option(flags, description).argParser((text: string) => (read === undefined ? text : read(text))));
  return command
    .option('--no-augment', 'train on the images as they are')
    .option('--config <file>', 'YAML file with options')
    .option('--set <path=value...>', 'any option, e.g. --set training.earlyStopping.patience=5');
}

/**
 * The options that a user gave, from the YAML file, then flags, then `--set`; the later wins. Paths become absolute.
 * @throws InputError when the file cannot be read or a `--set` has no value.
 */
export async function readOptions(options: TrainingOptions): Promise<RawOptions> {
  const file = options.config === undefined ? {} : await readYaml(resolveUserPath(options.config));
  const flags = trainingFlags.flatMap(({ flags: text, path }) => {
    const value = options[new Option(text).attributeName()];
    return value === undefined ? [] : [setOption(path, value)];
  });
  const augmentation = options.augment === false ? [{ augmentation: false }] : [];
  const merged = mergeOptions(file, ...flags, ...augmentation, ...(options.set ?? []).map(readAssignment));
  return mergeOptions(merged, ...paths.map((path) => absolute(merged, path)));
}

async function readYaml(file: string): Promise<RawOptions> {
  try {
    const content = parse(await readFile(file, 'utf8')) as unknown;
    if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new Error('it holds no options');
    return content as RawOptions;
  } catch (error) {
    throw new InputError({ where: `--config ${file}`, what: `cannot be read: ${(error as Error).message.split('\n')[0]}`, allowed: 'a YAML file such as the config.yaml of a run' }, { cause: error });
  }
}

/** The value is YAML: numbers, booleans and lists are what they look like. */
function readAssignment(text: string): RawOptions {
  const at = text.indexOf('=');
  if (at < 1) throw new InputError({ where: '--set', what: `got "${text}"`, allowed: 'path=value' });
  return setOption(text.slice(0, at), parse(text.slice(at + 1)));
}

function absolute(options: RawOptions, path: string): RawOptions {
  const value = path.split('.').reduce<unknown>((inner, key) => (inner as RawOptions | undefined)?.[key], options);
  return typeof value === 'string' && value !== 'imagenet' ? setOption(path, resolveUserPath(value)) : {};
}
