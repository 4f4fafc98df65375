import { type Issue, throwIssues } from '@nonlocal-med/core';
import type { RawOptions } from '@nonlocal-med/pipeline';
import { DEFAULT_FOLDS } from '@nonlocal-med/runs';
import type { ResolvedExperiment } from './experimentSchema.js';

type Repeats = ResolvedExperiment['repeats'];

/** Options in which one repeat differs from the others. All rows of a repeat share images, split, order and augmentation. */
export function repeatOptions(
  { kind, folds = DEFAULT_FOLDS }: Repeats,
  repeat: number,
  options: RawOptions,
): RawOptions {
  const seed = seedOf(options);
  const own = { seed: seed + repeat };
  if (kind === 'splits') return own;
  if (kind === 'images')
    return { ...own, data: { seed: seedOf(sectionOf(options, 'data')) + repeat } };
  return { ...own, split: kind === 'seeds' ? { seed } : { seed, folds, repeat } };
}

const sectionOf = (options: RawOptions, name: 'data' | 'split'): RawOptions =>
  (options[name] ?? {}) as RawOptions;

/** The value of `seed`; invalid ones are refused later, with all other options. */
const seedOf = ({ seed }: RawOptions): number => (typeof seed === 'number' ? seed : 0);

/**
 * Refuses what does not go with the kind of repeats: options of the split that it determines, and new images where
 * there are none.
 * @throws InputError with all such issues.
 */
export function refuseUnfitOptions(
  base: RawOptions,
  { repeats: { kind }, rows }: Pick<ResolvedExperiment, 'repeats' | 'rows'>,
): void {
  const split = sectionOf(base, 'split');
  const determined = kind === 'seeds' ? ['seed', 'repeat'] : ['seed', 'repeat', 'folds'];
  const issues = determined
    .filter((name) => split[name] !== undefined)
    .map((name): Issue => ({
      path: `split.${name}`,
      message: `got ${JSON.stringify(split[name])}`,
      hint: `unset: it is determined by repeats of kind "${kind}"; see repeats.kind, repeats.folds and seed`,
    }));
  throwIssues(kind === 'images' ? [...issues, ...newImagesIssues(base, rows)] : issues);
}

/** Only built-in synthetic images can be drawn anew, and predictions made elsewhere are for given images. */
function newImagesIssues(base: RawOptions, rows: ResolvedExperiment['rows']): Issue[] {
  const { kind, path } = sectionOf(base, 'data');
  const isSynthetic = path === undefined && (kind === undefined || kind === 'tiny-lesions');
  const isExternal = rows.some(({ predictions }) => predictions !== undefined);
  return [
    ...(isSynthetic
      ? []
      : [
          {
            path: 'repeats.kind',
            message: `got "images", for which new images are generated, with the data set ${path === undefined ? `of kind ${JSON.stringify(kind)}` : JSON.stringify(path)}`,
            hint: 'splits, seeds or folds; images only without a data set, for the built-in synthetic images',
          },
        ]),
    ...(isExternal
      ? [
          {
            path: 'repeats.kind',
            message: 'got "images" with a row of predictions made elsewhere',
            hint: 'seeds, with predictions for the test images of the one split',
          },
        ]
      : []),
  ];
}
