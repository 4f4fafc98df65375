import { InputError } from '@nonlocal-med/core';
import type { RawOptions } from '@nonlocal-med/pipeline';
import type { ResolvedExperiment } from './experimentSchema.js';

type Repeats = ResolvedExperiment['repeats'];

/** Folds of a division where none are named: test sides of a tenth, as in the paper. */
const FOLDS = 10;

/** What sets one repeat of a row apart from the others. Rows of one repeat share split, order and augmentation. */
export function repeatOptions(
  { kind, folds = FOLDS }: Repeats,
  repeat: number,
  seed: number,
): RawOptions {
  if (kind === 'splits') return { seed: seed + repeat };
  if (kind === 'seeds') return { seed: seed + repeat, split: { seed } };
  return { seed: seed + repeat, split: { seed, folds, repeat } };
}

/**
 * Options that contradict the kind of repeats.
 * @throws InputError for a split that the repeats decide.
 */
export function refuseOwnSplits({ split }: RawOptions, { kind }: Repeats): void {
  const given = split as RawOptions | null | undefined;
  const decided = {
    splits: ['seed', 'repeat', 'folds'],
    seeds: ['seed', 'repeat'],
    folds: ['seed', 'repeat', 'folds'],
  }[kind];
  const found = decided.filter((name) => given?.[name] !== undefined);
  if (found.length === 0) return;
  throw new InputError(
    found.map((name) => ({
      path: `split.${name}`,
      message: `got ${JSON.stringify(given?.[name])}`,
      hint: `nothing: repeats of kind "${kind}" decide it; see repeats.kind, repeats.folds and seed`,
    })),
  );
}
