import { InputError } from '@nonlocal-med/core';
import type { RawOptions } from '@nonlocal-med/pipeline';
import { DEFAULT_FOLDS } from '@nonlocal-med/runs';
import type { ResolvedExperiment } from './experimentSchema.js';

type Repeats = ResolvedExperiment['repeats'];

/** Options in which one repeat differs from the others. All rows of a repeat share split, order and augmentation. */
export function repeatOptions(
  { kind, folds = DEFAULT_FOLDS }: Repeats,
  repeat: number,
  seed: number,
): RawOptions {
  if (kind === 'splits') return { seed: seed + repeat };
  if (kind === 'seeds') return { seed: seed + repeat, split: { seed } };
  return { seed: seed + repeat, split: { seed, folds, repeat } };
}

/**
 * Refuses options of the split that are determined by the kind of repeats.
 * @throws InputError with each such option.
 */
export function refuseSplitOptions({ split }: RawOptions, { kind }: Repeats): void {
  const given = split as RawOptions | null | undefined;
  const determined = {
    splits: ['seed', 'repeat', 'folds'],
    seeds: ['seed', 'repeat'],
    folds: ['seed', 'repeat', 'folds'],
  }[kind];
  const found = determined.filter((name) => given?.[name] !== undefined);
  if (found.length === 0) return;
  throw new InputError(
    found.map((name) => ({
      path: `split.${name}`,
      message: `got ${JSON.stringify(given?.[name])}`,
      hint: `unset: it is determined by repeats of kind "${kind}"; see repeats.kind, repeats.folds and seed`,
    })),
  );
}
