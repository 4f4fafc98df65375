/** Options that several commands share. */
import { throwIssues } from '@nonlocal-med/core';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { Option } from 'commander';

/** Name of a compute backend. */
export type Backend = 'auto' | 'native' | 'wasm';

/** `--engine`: the compute backend. */
export function engineOption(defaultText: string): Option {
  return new Option(
    '--engine <auto|native|wasm>',
    `compute backend; default: ${defaultText}`,
  ).choices(['auto', 'native', 'wasm']);
}

/** `--weights`: which weights of a run to use. */
export function weightsOption(defaultText: string): Option {
  return new Option(
    '--weights <selected|last>',
    `weights of the best checkpoint (selected) or of the last epoch; default: ${defaultText}`,
  ).choices(['selected', 'last']);
}

/** The default of `--weights` in commands that use one run. */
export const BEST_WEIGHTS = 'selected if the run has a validation set';

/** Resolves the path in an option, if it is given. */
export const resolveOptionalPath = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : resolveUserPath(path);

/**
 * Rejects options that would have no effect, because they are a misunderstanding.
 * @param flags values by flag; undefined if not given
 * @param hint when the flags have an effect
 * @throws InputError for every flag that is given.
 */
export function rejectUnused(
  flags: Readonly<Record<string, string | undefined>>,
  hint: string,
): void {
  throwIssues(
    Object.entries(flags)
      .filter(([, value]) => value !== undefined)
      .map(([path, value]) => ({ path, message: `got "${value}", which has no effect`, hint })),
  );
}
