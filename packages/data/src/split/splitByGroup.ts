import { InputError, type Issue, parseOptions, type Sample, throwIssues } from '@nonlocal-med/core';
import { countOf } from '../noteText.js';
import { allocateGroups } from './allocateGroups.js';
import {
  divideGroups,
  type GroupAllocator,
  joinSamples,
  type SampleGroup,
  sumCounts,
} from './divideGroups.js';
import { type Split, type SplitOptions, splitOptionsSchema } from './split.js';
import { foldTargets, integerTargets } from './splitTargets.js';

/**
 * Splits samples into training, validation and test set, stratified by class; all samples of a group (a patient) stay in
 * the same set. The class counts of each set are as close to its fraction as the groups allow. The test set does not
 * depend on the validation fraction. Equal samples and options give equal splits.
 *
 * The defaults are the paper's 90/10 split (section 4.1), with a tenth of the training images used for validation.
 *
 * @param options those of {@link splitOptionsSchema}; `classes`, the names of the classes for messages
 * @throws InputError if a class cannot be in every set, with the class and its counts
 *
 * @example
 * ```ts
 * import { splitByGroup } from '@nonlocal-med/data';
 *
 * // 100 patients with two images each; every fourth patient has class 1.
 * const samples = Array.from({ length: 200 }, (_, i) => {
 *   const patient = Math.floor(i / 2);
 *   return { id: `${i}.png`, group: `patient ${patient}`, label: patient % 4 === 0 ? 1 : 0 };
 * });
 * const { train, validation, test } = splitByGroup(samples, { test: 0.2, validation: 0.1, seed: 1 });
 * console.log(train.length, validation.length, test.length); // 144 16 40
 * ```
 */
export function splitByGroup<S extends Sample>(
  samples: readonly S[],
  options: SplitOptions & { readonly classes?: readonly string[] } = {},
): Split<S> {
  const { classes = defaultNames(samples), ...given } = options;
  const resolved = parseOptions(splitOptionsSchema, given, 'split');
  const { test, validation, folds } = resolved;
  if (samples.length === 0)
    throw new InputError({ path: 'split', message: 'there are no samples to split' });
  const groups = groupSamples(samples, classes.length);
  const setNames: (keyof Split)[] = [
    'train',
    ...(validation > 0 ? (['validation'] as const) : []),
    ...(folds !== undefined || test > 0 ? (['test'] as const) : []),
  ];
  rejectSmallClasses(groups, {
    classes,
    needed: Math.max(setNames.length, folds ?? 0),
    sets: folds === undefined ? setNames.join(', ') : `each of ${folds} folds`,
  });

  const split = divideGroups(samples, groups, { options: resolved, allocator: byClass });
  rejectAbsentClasses(split, { classes, setNames });
  return split;
}

/** The groups of the samples with their class counts; see {@link joinSamples}. */
export function groupSamples<S extends Sample>(
  samples: readonly S[],
  classCount: number,
): SampleGroup<S>[] {
  return joinSamples(samples, (members) => {
    const counts = new Array<number>(classCount).fill(0);
    for (const { label } of members) counts[label]++;
    return counts;
  });
}

/** Divides groups so that the class counts are as close to their targets as possible. */
const byClass: GroupAllocator = {
  fraction(counts, fraction, random) {
    const totals = sumCounts(counts);
    const targets = integerTargets(totals, fraction);
    const rest = totals.map((total, label) => total - targets[label]);
    return allocateGroups(counts, [targets, rest], random);
  },
  folds: (counts, folds, random) =>
    allocateGroups(counts, foldTargets(sumCounts(counts), folds), random),
};

function rejectSmallClasses(
  groups: readonly SampleGroup<Sample>[],
  { classes, needed, sets }: { classes: readonly string[]; needed: number; sets: string },
): void {
  const issues = classes.flatMap((name, label): Issue[] => {
    const members = groups.filter(({ counts }) => counts[label] > 0);
    if (members.length >= needed) return [];
    const images = members.reduce((sum, { counts }) => sum + counts[label], 0);
    return [
      {
        path: 'split',
        message: `class "${name}" has ${countOf(images, 'image')} in ${countOf(members.length, 'group')}, too few to be in ${sets}`,
        hint: `it needs ${needed} groups; remove the class, merge it with another one, or split into fewer sets`,
      },
    ];
  });
  throwIssues(issues);
}

/** Groups with several classes can make a split impossible that the number of groups would allow. */
function rejectAbsentClasses(
  split: Split,
  { classes, setNames }: { classes: readonly string[]; setNames: readonly (keyof Split)[] },
): void {
  const countIn = (set: keyof Split, label: number): number =>
    split[set].filter((sample) => sample.label === label).length;
  const issues = setNames.flatMap((set) =>
    classes.flatMap((name, label): Issue[] => {
      if (countIn(set, label) > 0) return [];
      const counts = setNames.map((other) => `${other} ${countIn(other, label)}`).join(', ');
      return [
        {
          path: 'split',
          message: `class "${name}" is missing from the ${NOUNS[set]} (${counts})`,
          hint: 'its groups are too few or too large for these fractions; try another seed or larger fractions',
        },
      ];
    }),
  );
  throwIssues(issues);
}

const NOUNS = { train: 'training set', validation: 'validation set', test: 'test set' } as const;

const defaultNames = (samples: readonly Sample[]): string[] =>
  Array.from(
    { length: Math.max(0, ...new Set(samples.map(({ label }) => label + 1))) },
    (_, label) => String(label),
  );
