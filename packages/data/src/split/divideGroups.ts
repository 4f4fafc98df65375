import { createRandom, type Random, type Sample } from '@nonlocal-med/core';
import type { z } from 'zod';
import type { Split, splitOptionsSchema } from './split.js';

/** Samples that must stay together, and what a split balances of them. */
export interface SampleGroup<S> {
  readonly samples: readonly S[];
  /** Images per class or finding, [columns]. */
  readonly counts: readonly number[];
}

/** The groups of the samples in order of first appearance; a sample without a group forms one alone. */
export function joinSamples<S extends Pick<Sample, 'group'>>(
  samples: readonly S[],
  countsOf: (members: readonly S[]) => readonly number[],
): SampleGroup<S>[] {
  const groups = new Map<unknown, S[]>();
  for (const sample of samples) {
    const key = sample.group ?? sample;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [sample]);
    else members.push(sample);
  }
  return [...groups.values()].map((members) => ({ samples: members, counts: countsOf(members) }));
}

/** A rule by which groups with counts [groups, columns] are divided; each function returns the part of every group. */
export interface GroupAllocator {
  /** Part 0 receives the fraction, part 1 the rest. */
  fraction(counts: readonly (readonly number[])[], fraction: number, random: Random): number[];
  /** As many equal parts as folds. */
  folds(counts: readonly (readonly number[])[], folds: number, random: Random): number[];
}

/**
 * Divides the groups of the samples into training, validation and test set: the test set first, then the validation set
 * from what remains. Each set keeps the order of the samples.
 */
export function divideGroups<S>(
  samples: readonly S[],
  groups: readonly SampleGroup<S>[],
  {
    options: { test, validation, folds, seed, repeat },
    allocator,
  }: {
    readonly options: z.output<typeof splitOptionsSchema>;
    readonly allocator: GroupAllocator;
  },
): Split<S> {
  const takeFraction = (
    from: readonly SampleGroup<S>[],
    fraction: number,
    random: Random,
  ): Division<S> =>
    fraction === 0
      ? { taken: [], rest: from }
      : divide(from, allocator.fraction(countsOf(from), fraction, random), 0);
  // Repeats 0 to folds - 1 test on the folds of one division, the next `folds` repeats on those of another.
  const takeFold = (count: number): Division<S> => {
    const random = createRandom(seed, 'folds', count, Math.floor(repeat / count));
    return divide(groups, allocator.folds(countsOf(groups), count, random), repeat % count);
  };
  const forTest =
    folds === undefined
      ? takeFraction(groups, test, createRandom(seed, 'split', repeat))
      : takeFold(folds);
  const forValidation = takeFraction(
    forTest.rest,
    validation,
    createRandom(seed, 'split-validation', repeat),
  );
  return {
    train: inOrder(samples, forValidation.rest),
    validation: inOrder(samples, forValidation.taken),
    test: inOrder(samples, forTest.taken),
  };
}

interface Division<S> {
  readonly taken: readonly SampleGroup<S>[];
  readonly rest: readonly SampleGroup<S>[];
}

function divide<S>(
  groups: readonly SampleGroup<S>[],
  parts: readonly number[],
  taken: number,
): Division<S> {
  return {
    taken: groups.filter((_, index) => parts[index] === taken),
    rest: groups.filter((_, index) => parts[index] !== taken),
  };
}

const countsOf = (groups: readonly SampleGroup<unknown>[]): (readonly number[])[] =>
  groups.map(({ counts }) => counts);

function inOrder<S>(samples: readonly S[], groups: readonly SampleGroup<S>[]): S[] {
  const chosen = new Set(groups.flatMap((group) => group.samples));
  return samples.filter((sample) => chosen.has(sample));
}

/** The sum over groups of each column of their counts [groups, columns]. */
export function sumCounts(counts: readonly (readonly number[])[]): number[] {
  return counts[0].map((_, column) => counts.reduce((sum, row) => sum + row[column], 0));
}
