import { InputError } from '@nonlocal-med/core';
import {
  isHiddenPath,
  mergeOptions,
  optionsOfFlags,
  parseAssignment,
  type RawOptions,
  readYaml,
  resolveOptionPaths,
  revealPaths,
} from '@nonlocal-med/pipeline';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { trainingFlags } from './trainingFlags.js';

/** Parsed command-line options: the flags of {@link trainingFlags}, `--config` and `--set`. */
export type TrainingOptions = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly set?: readonly string[];
};

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
  const augmentation = options.augment === false ? [{ augmentation: false }] : [];
  const merged = mergeOptions(
    file,
    optionsOfFlags(trainingFlags, options),
    ...augmentation,
    ...(options.set ?? []).map(parseAssignment),
  );
  const revealed = revealPaths(merged);
  requireKnownData(revealed, { file: options.config });
  return resolveOptionPaths(revealed, resolveUserPath);
}

/** @throws InputError if a configuration hides where its DICOM files are, and this machine does not know it. */
export function requireKnownData(
  { data }: RawOptions,
  {
    file = '--config',
    hint = '--data PATH',
  }: { readonly file?: string; readonly hint?: string } = {},
): void {
  const path = (data as RawOptions | undefined)?.path;
  if (isHiddenPath(path))
    throw new InputError({
      path: file,
      message:
        'does not say where the DICOM files are: only the machine and user that trained the run know it',
      hint,
    });
}
