import { readFile } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';
import { mergeOptions, type RawOptions, setOption } from '@nonlocal-med/pipeline';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { Option } from 'commander';
import { parse } from 'yaml';
import { trainingFlags } from './trainingFlags.js';

/** Parsed command-line options: the flags of {@link trainingFlags}, `--config` and `--set`. */
export type TrainingOptions = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly set?: readonly string[];
};

/** Options with a path relative to the user's folder. Paths inside a data set are relative to the data set. */
const PATHS = [
  'data.path',
  'data.cacheFolder',
  ...['', '.training', '.validation', '.test'].map((set) => `data.splitFile${set}`),
  'model.weights',
  'loader.cacheFolder',
];

/**
 * Reads the options of a run from the YAML file, the flags and `--set`, in increasing precedence, with
 * absolute paths.
 * @throws InputError if the file cannot be read, a `--set` has no value, or no data set is given.
 */
export async function readOptions(options: TrainingOptions): Promise<RawOptions> {
  const given = await readGivenOptions(options);
  if (given.data === undefined)
    throw new InputError({
      path: '--data',
      message: 'missing',
      hint: 'a folder with one subfolder per class, or a CSV manifest',
    });
  return given;
}

/** Like {@link readOptions}, but the data set is optional. */
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
    ...(options.set ?? []).map(parseAssignment),
  );
  return withAbsolutePaths(merged);
}

/** Resolves paths in options relative to the user's folder. */
export function withAbsolutePaths(options: RawOptions): RawOptions {
  return mergeOptions(options, ...PATHS.map((path) => absolute(options, path)));
}

/**
 * Reads options from a YAML file.
 * @param hint what the file should be, for the error message
 * @throws InputError if it cannot be read or is not a mapping.
 */
export async function readYaml(
  file: string,
  hint = 'a YAML file such as the config.yaml of a run',
): Promise<RawOptions> {
  try {
    const content = parse(await readFile(file, 'utf8')) as unknown;
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new Error('it has no options');
    return content as RawOptions;
  } catch (error) {
    throw new InputError(
      { path: file, message: `cannot be read: ${firstLine(error)}`, hint },
      { cause: error },
    );
  }
}

/** Parses `path=value`, whose value is YAML: a number, a boolean, a list or a string. */
function parseAssignment(text: string): RawOptions {
  const at = text.indexOf('=');
  if (at < 1) throw new InputError({ path: '--set', message: `got "${text}"`, hint: 'path=value' });
  try {
    return setOption(text.slice(0, at), parse(text.slice(at + 1)));
  } catch (error) {
    throw new InputError(
      {
        path: `--set ${text.slice(0, at)}`,
        message: `got "${text.slice(at + 1)}", which is not valid YAML: ${firstLine(error)}`,
        hint: 'a YAML value',
      },
      { cause: error },
    );
  }
}

const firstLine = (error: unknown): string =>
  (error as Error).message.split('\n')[0].replace(/:$/, '');

function absolute(options: RawOptions, path: string): RawOptions {
  const value = path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as RawOptions | null | undefined)?.[key], options);
  return typeof value === 'string' && value !== 'imagenet'
    ? setOption(path, resolveUserPath(value))
    : {};
}
