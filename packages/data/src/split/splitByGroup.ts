import {
  createRandom,
  InputError,
  type Issue,
  parseOptions,
  type Sample,
  throwIssues,
} from '@nonlocal-med/core';
import { allocateGroups } from './allocateGroups.js';
import { groupSamples, type SampleGroup } from './groupSamples.js';
import { foldTargets, integerTargets } from './integerTargets.js';
import type { Split } from './split.js';
import { type SplitOptions, splitOptionsSchema } from './splitOptionsSchema.js';

type Side = keyof Split;

/**
 * Divides samples into training, validation and test sides, stratified by class; the samples of a group (a patient)
 * all go to one side. The class counts of each side are as near to its share as the groups allow. The test side does
 * not depend on the validation share. Equal samples and options give equal splits.
 *
 * The defaults are the paper's 90/10 (section 4.1), with a tenth of the training side set apart for validation.
 *
 * @param options those of {@link splitOptionsSchema}, and the classes' names for messages
 * @throws InputError when a class cannot be on each side; it names the class with its counts.
 */
export function splitByGroup<S extends Sample>(
  samples: readonly S[],
  options: SplitOptions & { readonly classes?: readonly string[] } = {},
): Split<S> {
  const { classes = defaultNames(samples), ...given } = options;
  const { test, validation, folds, seed, repeat } = parseOptions(
    splitOptionsSchema,
    given,
    'split',
  );
  if (samples.length === 0)
    throw new InputError({ path: 'split', message: 'there are no samples to divide' });
  const groups = groupSamples(samples, classes.length);
  const sides: Side[] = [
    'train',
    ...(validation > 0 ? (['validation'] as const) : []),
    ...(folds !== undefined || test > 0 ? (['test'] as const) : []),
  ];
  refuseSmallClasses(groups, {
    classes,
    needed: Math.max(sides.length, folds ?? 0),
    sides: folds === undefined ? sides.join(', ') : `each of ${folds} folds`,
  });

  const tested =
    folds === undefined
      ? takeShare(groups, test, createRandom(seed, 'split', repeat))
      : takeFold(groups, { folds, seed, repeat });
  const learned = takeShare(
    tested.rest,
    validation,
    createRandom(seed, 'split-validation', repeat),
  );
  const split = {
    train: inOrder(samples, learned.rest),
    validation: inOrder(samples, learned.taken),
    test: inOrder(samples, tested.taken),
  };
  refuseAbsentClasses(split, { classes, sides });
  return split;
}

function takeShare<S extends Sample>(
  groups: readonly SampleGroup<S>[],
  share: number,
  random: ReturnType<typeof createRandom>,
): { taken: SampleGroup<S>[]; rest: SampleGroup<S>[] } {
  if (share === 0) return { taken: [], rest: [...groups] };
  const totals = sumCounts(groups);
  const targets = integerTargets(totals, share);
  const parts = allocateGroups(
    groups.map(({ counts }) => counts),
    [targets, totals.map((total, label) => total - targets[label])],
    random,
  );
  return {
    taken: groups.filter((_, index) => parts[index] === 0),
    rest: groups.filter((_, index) => parts[index] === 1),
  };
}

/** Repeats 0 to folds-1 test on each fold of one division; the next `folds` repeats on those of another. */
function takeFold<S extends Sample>(
  groups: readonly SampleGroup<S>[],
  { folds, seed, repeat }: { folds: number; seed: number; repeat: number },
): { taken: SampleGroup<S>[]; rest: SampleGroup<S>[] } {
  const random = createRandom(seed, 'folds', folds, Math.floor(repeat / folds));
  const parts = allocateGroups(
    groups.map(({ counts }) => counts),
    foldTargets(sumCounts(groups), folds),
    random,
  );
  const fold = repeat % folds;
  return {
    taken: groups.filter((_, index) => parts[index] === fold),
    rest: groups.filter((_, index) => parts[index] !== fold),
  };
}

const sumCounts = (groups: readonly SampleGroup<Sample>[]): number[] =>
  groups[0].counts.map((_, label) => groups.reduce((sum, { counts }) => sum + counts[label], 0));

function inOrder<S extends Sample>(samples: readonly S[], groups: readonly SampleGroup<S>[]): S[] {
  const chosen = new Set(groups.flatMap((group) => group.samples));
  return samples.filter((sample) => chosen.has(sample));
}

function refuseSmallClasses(
  groups: readonly SampleGroup<Sample>[],
  { classes, needed, sides }: { classes: readonly string[]; needed: number; sides: string },
): void {
  const issues = classes.flatMap((name, label): Issue[] => {
    const own = groups.filter(({ counts }) => counts[label] > 0);
    const images = own.reduce((sum, { counts }) => sum + counts[label], 0);
    if (own.length >= needed) return [];
    return [
      {
        path: 'split',
        message: `class "${name}" has ${images} ${plural(images, 'image')} in ${own.length} ${plural(own.length, 'group')}, too few to be in ${sides}`,
        hint: `needs ${needed} groups; take it out, join it with another class, or ask for fewer sides`,
      },
    ];
  });
  throwIssues(issues);
}

/** Groups that hold several classes can make a division impossible that the numbers of groups allow. */
function refuseAbsentClasses(
  split: Split,
  { classes, sides }: { classes: readonly string[]; sides: readonly Side[] },
): void {
  const issues = sides.flatMap((side) =>
    classes.flatMap((name, label): Issue[] => {
      if (split[side].some((sample) => sample.label === label)) return [];
      const counts = sides
        .map(
          (other) => `${other} ${split[other].filter((sample) => sample.label === label).length}`,
        )
        .join(', ');
      return [
        {
          path: 'split',
          message: `class "${name}" is absent from the ${side} side (${counts})`,
          hint: 'its groups are too few or too large for a split at these shares; try another seed or larger shares',
        },
      ];
    }),
  );
  throwIssues(issues);
}

const plural = (count: number, noun: string): string => (count === 1 ? noun : `${noun}s`);
const defaultNames = (samples: readonly Sample[]): string[] =>
  Array.from(
    { length: Math.max(0, ...new Set(samples.map(({ label }) => label + 1))) },
    (_, label) => String(label),
  );
