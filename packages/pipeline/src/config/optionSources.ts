import { InputError } from '@nonlocal-med/core';
import { mergeOptions, type RawOptions, setOption } from './mergeOptions.js';
import { parseYaml } from './parseYaml.js';

/** A command-line flag that sets one option of the run configuration. */
export interface OptionFlag {
  /** In commander's syntax, e.g. `--epochs <count>`. */
  readonly flags: string;
  /** Dotted path of the option in the configuration, e.g. `training.epochs`. */
  readonly path: string;
  readonly description: string;
  /** Heading of the flag in help. */
  readonly group: string;
  /** Converts the text to the option's value, given that of earlier arguments; default: the text itself. */
  readonly parse?: (text: string, previous?: unknown) => unknown;
}

/** A number if the text is one, else the text itself, so that the schema of the option can report it. */
export const parseNumber = (text: string): unknown =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

/**
 * The options that flags set.
 * @param given values by the flags' names in camel case, as commander returns them: `labelColumn` for `--label-column`
 */
export function optionsOfFlags(
  flags: readonly OptionFlag[],
  given: Readonly<Record<string, unknown>>,
): RawOptions {
  return mergeOptions(
    ...flags.map(({ flags: text, path }) => {
      const words = /--([a-z-]+)/.exec(text)![1];
      const value = given[words.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
      return value === undefined ? {} : setOption(path, value);
    }),
  );
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
    // Not needed by help, which lists flags.
    const { readRegularFile } = await import('@nonlocal-med/core/node');
    const runs = await import('@nonlocal-med/runs');
    const content = runs.parseYaml(await readRegularFile(file, 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new Error('it has no options');
    return content as RawOptions;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = isMissing ? 'there is no such file' : `cannot be read: ${firstLine(error)}`;
    throw new InputError({ path: file, message, hint }, { cause: error });
  }
}

/**
 * Parses `path=value` of `--set`, whose value is YAML: a number, a boolean, a list or a string.
 * @throws InputError if there is no path or the value is not YAML.
 */
export function parseAssignment(text: string): RawOptions {
  const at = text.indexOf('=');
  if (at < 1) throw new InputError({ path: '--set', message: `got "${text}"`, hint: 'path=value' });
  try {
    return setOption(text.slice(0, at), parseYaml(text.slice(at + 1)));
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
