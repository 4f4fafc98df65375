/** The data set of `evaluate --data`, as its flags describe it. */
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import {
  dataFlags,
  mergeOptions,
  optionsOfFlags,
  parseAssignment,
  type RawOptions,
  readYaml,
  resolveOptionPaths,
} from '@nonlocal-med/pipeline';
import { resolveUserPath } from '@nonlocal-med/terminal';
import type { DataFlagOptions } from './dataFlagOptions.js';

/** The flags that were given, for a command that does not use them. */
export function givenDataFlags(options: DataFlagOptions): Record<string, string | undefined> {
  const given = optionsOfFlags(dataFlags, options).data as RawOptions | undefined;
  const flags: Record<string, string | undefined> = { '--set': options.set?.join(' ') };
  for (const { flags: text, path } of dataFlags) {
    const value = given?.[path.slice('data.'.length)];
    if (value !== undefined)
      flags[text.split(' ')[0]] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return flags;
}

/**
 * The options of the data set, from the YAML file, the flags and `--set`, in increasing precedence. Paths are relative to
 * the user's folder.
 * @returns undefined if no data set is given
 * @throws InputError if the file cannot be read, or a `--set` is not an option of the data set.
 */
export async function readDataOptions(
  options: DataFlagOptions,
): Promise<(RawOptions & { path: string }) | undefined> {
  const { config, set = [] } = options;
  const file = config === undefined ? {} : await readYaml(resolveUserPath(config));
  throwIssues(
    set
      .filter((text) => !text.startsWith('data.'))
      .map((text): Issue => ({
        path: '--set',
        message: `got "${text}"`,
        hint: 'an option of the data set, such as data.labelColumn=grade; the model brings everything else',
      })),
  );
  const merged = mergeOptions(
    { data: file.data ?? {} },
    optionsOfFlags(dataFlags, options),
    ...set.map(parseAssignment),
  );
  const { data } = resolveOptionPaths(merged, resolveUserPath) as { data: RawOptions };
  if (data.path === undefined) {
    if (Object.keys(data).length === 0) return undefined;
    throw new InputError({
      path: '--data',
      message: 'missing',
      hint: 'the images that the other options describe',
    });
  }
  return data as RawOptions & { path: string };
}
