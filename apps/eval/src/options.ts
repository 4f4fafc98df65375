/** Options that several commands share. */
import { precisionChoices, throwIssues, viewsChoices } from '@nonlocal-med/core';
import type { TestTimeAugmentation } from '@nonlocal-med/pipeline';
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

/** `--precision`: the type in which convolutions and matrix products are computed. */
export function precisionOption(): Option {
  return new Option(
    '--precision <float32|bfloat16|auto>',
    'type in which convolutions and matrix products are computed; bfloat16 is faster on processors with AMX, and probabilities may differ in the third digit; auto: bfloat16 where it is faster; default: float32',
  ).choices([...precisionChoices]);
}

/** `--weights`: which weights of a run to use. */
export function weightsOption(defaultText: string): Option {
  return new Option(
    '--weights <selected|last>',
    `weights of the best checkpoint (selected) or of the last epoch; default: ${defaultText}`,
  ).choices(['selected', 'last']);
}

/** `--tta`: views of each image whose predictions are averaged. */
export const ttaOption = (): Option =>
  new Option(
    '--tta <flips|d4>',
    'test-time augmentation: average over the image and its mirror images (flips, 4 views), or over all 8 symmetries of the square (d4)',
  ).choices(viewsChoices);

/** `--row`: the row of an experiment whose repeats are the members of an ensemble. */
export const rowOption = (): Option =>
  new Option('--row <key>', 'row of an experiment whose repeats form the ensemble');

/** `ensemble of 5, flips`: how predictions were averaged; empty if they were not. */
export function averagingText(members: number, tta: TestTimeAugmentation | null): string {
  return [members > 1 && `ensemble of ${members}`, tta].filter((text) => text).join(', ');
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
