import { readFile } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';
import { mergeOptions, type RawOptions, setOption } from '@nonlocal-med/pipeline';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { type Command, Option } from 'commander';
import { parse } from 'yaml';
import { trainingFlags } from './trainingFlags.js';

/** What commander reads: the flags of {@link trainingFlags} by their names, and two of its own. */
export type TrainingOptions = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly set?: readonly string[];
};

/** Options that hold a path of the user's; those inside a data set start from its folder. */
const paths = ['data.path', 'data.cacheFolder', 'model.weights', 'loader.cacheFolder'];

/** Adds the flags of a training run to a command, or those of some sections of the configuration, or all but those of some. */
export function addTrainingFlags(
  command: Command,
  {
    sections,
    without = [],
  }: { readonly sections?: readonly string[]; readonly without?: readonly string[] } = {},
): Command {
  const wanted = trainingFlags.filter(({ path }) => {
    const [section] = path.split('.');
    return (sections === undefined || sections.includes(section)) && !without.includes(section);
  });
  for (const { flags, description, read } of wanted)
    command.addOption(
      new Option(flags, description).argParser((text: string) =>
        read === undefined ? text : read(text),
      ),
    );
  if (sections === undefined) command.option('--no-augment', 'train on the images as they are');
  return command
    .option('--config <file>', 'YAML file with options')
    .option('--set <path=value...>', 'any option, e.g. --set training.earlyStopping.patience=5');
}

/**
 * The options that a user gave, from the YAML file, then flags, then `--set`; the later wins. Paths become absolute.
 * @throws InputError when the file cannot be read, a `--set` has no value, or no data set is named.
 */
export async function readOptions(options: TrainingOptions): Promise<RawOptions> {
  const given = await readGivenOptions(options);
  if (given.data === undefined)
    throw new InputError({
      path: '--data',
      message: 'missing',
      hint: 'a folder with one folder a class, or a CSV manifest',
    });
  return given;
}

/** The same where a data set need not be named. */
export async function readGivenOptions(options: TrainingOptions): Promise<RawOptions> {
  const file = options.config === undefined ? {} : await readYaml(resolveUserPath(options.config));
  const flags = trainingFlags.flatMap(({ flags: text, path }) => {
    const value = options[new Option(text).attributeName()];
    return value === undefined ? [] : [setOption(path, value)];
  });
  const augmentation = options.augment === false ? [{ augmentation: false }] : [];
  const merged = mergeOptions(
    file,
    ...flags,
    ...augmentation,
    ...(options.set ?? []).map(readAssignment),
  );
  return withAbsolutePaths(merged);
}

/** Options whose paths start from where the user stands. */
export function withAbsolutePaths(options: RawOptions): RawOptions {
  return mergeOptions(options, ...paths.map((path) => absolute(options, path)));
}

/** What a YAML file holds. @param allowed what it should be @throws InputError when it cannot be read or holds no options. */
export async function readYaml(
  file: string,
  allowed = 'a YAML file such as the config.yaml of a run',
): Promise<RawOptions> {
  try {
    const content = parse(await readFile(file, 'utf8')) as unknown;
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new Error('it holds no options');
    return content as RawOptions;
  } catch (error) {
    throw new InputError(
      { path: file, message: `cannot be read: ${firstLine(error)}`, hint: allowed },
      { cause: error },
    );
  }
}

/** The value is YAML: numbers, booleans and lists are what they look like. */
function readAssignment(text: string): RawOptions {
  const at = text.indexOf('=');
  if (at < 1) throw new InputError({ path: '--set', message: `got "${text}"`, hint: 'path=value' });
  try {
    return setOption(text.slice(0, at), parse(text.slice(at + 1)));
  } catch (error) {
    throw new InputError(
      {
        path: `--set ${text.slice(0, at)}`,
        message: `got "${text.slice(at + 1)}", which cannot be read: ${firstLine(error)}`,
        hint: 'a value as in YAML',
      },
      { cause: error },
    );
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0];

function absolute(options: RawOptions, path: string): RawOptions {
  const value = path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as RawOptions | null | undefined)?.[key], options);
  return typeof value === 'string' && value !== 'imagenet'
    ? setOption(path, resolveUserPath(value))
    : {};
}
