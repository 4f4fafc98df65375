import { InputError, type Issue, parseOptions, type Random, throwIssues } from '@nonlocal-med/core';
import { countOf } from '../noteText.js';
import { assignGroups, improve } from './allocateGroups.js';
import { createAllocation } from './allocation.js';
import { divideGroups, type GroupAllocator, joinSamples, sumCounts } from './divideGroups.js';
import { iterativeStratification } from './iterativeStratification.js';
import { type Split, type SplitOptions, splitOptionsSchema } from './split.js';
import type { NotedSplit } from './splitDataset.js';
import { foldTargets, integerTargets } from './splitTargets.js';

/** A sample with several findings. */
export interface FindingSample {
  readonly id: string;
  /** 1 present, 0 absent, -1 not known, [findings]. */
  readonly findings: ArrayLike<number>;
  /** Samples of a group, usually a patient's images, stay in one split. */
  readonly group?: string;
}

/**
 * Splits samples with several findings each into training, validation and test set, so that every set has its share of each
 * finding and of each pair of findings: iterative stratification (Sechidis et al. 2011), then moves and exchanges while they
 * bring the counts closer to their targets. All samples of a group (a patient) stay in the same set: a group is one unit
 * that counts with the sums of its samples' findings. Labels that are not known count as absent. The test set does not
 * depend on the validation fraction. Equal samples and options give equal splits.
 *
 * @param options those of {@link splitOptionsSchema}; `findings`, their names for messages
 * @returns the split, and a note for each finding that a set lacks: its metrics are not defined there
 * @throws InputError if there are no samples, or samples differ in their number of findings or have other values than 1, 0, -1
 *
 * @example
 * ```ts
 * import { splitByFindings } from '@nonlocal-med/data';
 *
 * // 100 patients with two images each; effusion in every fourth, mass in every tenth image.
 * const samples = Array.from({ length: 200 }, (_, i) => ({
 *   id: `${i}.png`,
 *   group: `patient ${Math.floor(i / 2)}`,
 *   findings: [i % 4 === 0 ? 1 : 0, i % 10 === 0 ? 1 : 0],
 * }));
 * const { split } = splitByFindings(samples, { test: 0.2, validation: 0, seed: 1 });
 * const masses = split.test.filter(({ findings }) => findings[1] === 1).length;
 * console.log(split.test.length, masses); // 40 4
 * ```
 */
export function splitByFindings<S extends FindingSample>(
  samples: readonly S[],
  { findings: names, ...given }: SplitOptions & { readonly findings?: readonly string[] } = {},
): NotedSplit<S> {
  const options = parseOptions(splitOptionsSchema, given, 'split');
  if (samples.length === 0)
    throw new InputError({ path: 'split', message: 'there are no samples to split' });
  const findings =
    names ?? Array.from({ length: samples[0].findings.length }, (_, f) => `finding ${f}`);
  throwIssues(samples.flatMap((sample) => sampleIssues(sample, findings)));
  const pairs = findPairs(samples, findings.length);
  const groups = joinSamples(samples, (members) => [
    members.length,
    ...findings.map((_, f) => members.filter((sample) => sample.findings[f] === 1).length),
    ...pairs.map(
      ([a, b]) =>
        members.filter((sample) => sample.findings[a] === 1 && sample.findings[b] === 1).length,
    ),
  ]);
  const split = divideGroups(samples, groups, { options, allocator: byFindings(findings.length) });
  return { split, notes: absenceNotes(split, findings) };
}

/** Most sweeps of moves and exchanges after the stratification; they end early when nothing improves. */
const SWEEPS = 20;

/** Divides groups with the counts [samples, findings, pairs]. */
function byFindings(findings: number): GroupAllocator {
  const allocate = (
    counts: readonly (readonly number[])[],
    { fractions, targets }: { readonly fractions: number[]; readonly targets: number[][] },
    random: Random,
  ): number[] => {
    const units = {
      sizes: counts.map(([size]) => size),
      positives: counts.map((row) => row.slice(1, 1 + findings)),
    };
    const allocation = createAllocation(counts, targets);
    const { kinds, kindOfGroup } = allocation;
    iterativeStratification(units, fractions, random).forEach((part, group) =>
      allocation.apply([{ kind: kinds[kindOfGroup[group]], part, sign: 1 }]),
    );
    for (let sweep = 0; sweep < SWEEPS; sweep++) if (!improve(allocation, random)) break;
    return assignGroups(allocation, random);
  };
  return {
    fraction(counts, fraction, random) {
      const totals = sumCounts(counts);
      const exact = integerTargets(totals.slice(1, 1 + findings), fraction);
      // Rounded, so that a pair expected in less than half an image is not forced into the smaller part.
      const targets = totals.map((total, c) => exact[c - 1] ?? Math.round(total * fraction));
      const rest = totals.map((total, c) => total - targets[c]);
      return allocate(
        counts,
        { fractions: [fraction, 1 - fraction], targets: [targets, rest] },
        random,
      );
    },
    folds: (counts, folds, random) =>
      allocate(
        counts,
        {
          fractions: new Array<number>(folds).fill(1 / folds),
          targets: foldTargets(sumCounts(counts), folds),
        },
        random,
      ),
  };
}

/** Pairs of findings that some sample has. */
function findPairs(samples: readonly FindingSample[], findings: number): [number, number][] {
  const found = new Set<number>();
  for (const sample of samples) {
    const present = Array.from(sample.findings).flatMap((label, f) => (label === 1 ? [f] : []));
    present.forEach((a, i) => present.slice(i + 1).forEach((b) => found.add(a * findings + b)));
  }
  return [...found]
    .sort((a, b) => a - b)
    .map((code) => [Math.floor(code / findings), code % findings]);
}

function sampleIssues({ id, findings }: FindingSample, names: readonly string[]): Issue[] {
  if (findings.length !== names.length)
    return [
      {
        path: `sample "${id}"`,
        message: `has ${countOf(findings.length, 'finding')}, expected ${names.length}`,
      },
    ];
  return Array.from(findings).flatMap((label, f): Issue[] =>
    label === 0 || label === 1 || label === -1
      ? []
      : [
          {
            path: `sample "${id}"`,
            message: `the label of "${names[f]}" is ${label}`,
            hint: '1 present, 0 absent, -1 not known',
          },
        ],
  );
}

function absenceNotes(split: Split<FindingSample>, findings: readonly string[]): string[] {
  return Object.entries(split).flatMap(([set, samples]: [string, readonly FindingSample[]]) => {
    const absent = findings.filter((_, f) => samples.every((sample) => sample.findings[f] !== 1));
    if (samples.length === 0 || absent.length === 0) return [];
    const list = absent.map((name) => `"${name}"`).join(', ');
    const nouns = { train: 'training set', validation: 'validation set', test: 'test set' };
    return [
      `The ${nouns[set as keyof Split]} has no image with ${list}: too few images or patients have ${absent.length === 1 ? 'it' : 'them'} for these fractions.`,
    ];
  });
}
