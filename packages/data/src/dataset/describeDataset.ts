import {
  type Dataset,
  InputError,
  type Issue,
  type Sample,
  type SkippedFile,
  type Task,
} from '@nonlocal-med/core';
import {
  type Split,
  type SplitOptions,
  type SubsetSummary,
  summarizeSplit,
} from '../split/split.js';
import { type NotedSplit, splitDataset } from '../split/splitDataset.js';
import type { ImageFacts } from './checkImage.js';
import { describeNearDuplicates, type NearDuplicate } from './describeNearDuplicates.js';
import { type ClassFacts, factsByClass, kindOfFile } from './factsByClass.js';
import type { GivenSplit } from './givenSplit/givenSplit.js';
import { describeLikelyGroups, type LikelyGroupObservation } from './groups/likelyGroups.js';
import type { OpenedDataset } from './openDataset.js';

/** The contents of a data set, as plain data for a table or JSON. */
export interface DatasetDescription {
  readonly name: string;
  readonly fingerprint: string;
  /** Absent: `multiclass`. */
  readonly task?: Task;
  readonly images: number;
  /** Task `multilabel`: images of which it is known that they have none of the findings. */
  readonly imagesWithoutFinding?: number;
  /** The classes; for the task `multilabel` the findings, with the images that have them. */
  readonly classes: readonly {
    readonly name: string;
    readonly images: number;
    readonly groups: number;
    /** Fraction of all images, or of those of which it is known whether they have the finding, 0 to 1. */
    readonly share: number;
    /** Task `multilabel`: images without the finding. */
    readonly absent?: number;
    /** Task `multilabel`: images of which it is not known. */
    readonly unknown?: number;
  }[];
  readonly groups: {
    readonly count: number;
    readonly largest: number;
    readonly imagesWithout: number;
  };
  /** Patients that the file names suggest while no groups are given; absent if they suggest none. */
  readonly likelyGroups?: LikelyGroupObservation;
  /** Smallest, median and largest by number of pixels, and the number of different sizes. */
  readonly sizes: {
    readonly smallest: Size;
    readonly median: Size;
    readonly largest: Size;
    readonly different: number;
  };
  /** Kinds of pixels, the most common first: "grey, 8 bit, jpeg". */
  readonly kinds: readonly { readonly kind: string; readonly images: number }[];
  /** Scale of the values in the files of all images: `8-bit`, or the values of black and white. */
  readonly values?: OpenedDataset['values'];
  /** What the files of each class are like: a difference may tell the class without looking at the image. */
  readonly factsByClass: readonly ClassFacts[];
  /** Ids of images with equal content, one list per content. */
  readonly duplicates: readonly (readonly string[])[];
  /** Pairs of images that show nearly the same: those across the planned split first, then those across classes. */
  readonly nearDuplicates: readonly NearDuplicate[];
  readonly masks: number;
  readonly skipped: readonly SkippedFile[];
  readonly notes: readonly string[];
  /** What gives the split of the data set, and its leaks; absent if the data set does not come with one. */
  readonly givenSplit?: GivenSplit;
  /** The split that the options would give, or what prevents it. */
  readonly split:
    Readonly<Record<keyof Split, SubsetSummary>> | { readonly issues: readonly Issue[] };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

type Described = Sample & { readonly facts?: ImageFacts };

/**
 * Describes a data set and the split that it would get: what `data check` prints.
 *
 * @param splitOptions those of `splitOptionsSchema`; a split that is impossible is part of the result, not an error
 */
export function describeDataset(
  dataset: Dataset &
    Partial<
      Pick<OpenedDataset, 'notes' | 'privateNotes' | 'values' | 'likelyGroups' | 'givenSplit'>
    >,
  splitOptions: SplitOptions = {},
): DatasetDescription {
  const samples: readonly Described[] = dataset.samples;
  const planned = planSplit(dataset, splitOptions);
  const split = 'issues' in planned ? planned : planned.split;
  const sizes = samples
    .map(sizeOf)
    .sort((a, b) => a.width * a.height - b.width * b.height || a.width - b.width);
  return {
    name: dataset.name,
    fingerprint: dataset.fingerprint,
    ...(dataset.task === 'multilabel'
      ? {
          task: dataset.task,
          imagesWithoutFinding: samples.filter(
            ({ findings }) => findings?.every((label) => label === 0) === true,
          ).length,
        }
      : {}),
    images: samples.length,
    classes: dataset.classes.map(
      dataset.task === 'multilabel' ? describeFinding(samples) : describeClass(samples),
    ),
    groups: describeGroups(samples),
    ...(dataset.likelyGroups === undefined
      ? {}
      : {
          likelyGroups: describeLikelyGroups(dataset.likelyGroups, {
            images: samples.length,
            split: 'issues' in split ? undefined : split,
          }),
        }),
    sizes: {
      smallest: sizes[0],
      median: sizes[Math.floor(sizes.length / 2)],
      largest: sizes[sizes.length - 1],
      different: new Set(sizes.map(({ width, height }) => `${width}x${height}`)).size,
    },
    kinds: [...countBy(samples, kindOf)]
      .map(([kind, images]) => ({ kind, images }))
      .sort((a, b) => b.images - a.images || (a.kind < b.kind ? -1 : 1)),
    values: dataset.values,
    factsByClass: factsByClass(samples, dataset.classes),
    duplicates: findDuplicates(samples),
    nearDuplicates: describeNearDuplicates(samples, {
      classes: dataset.classes,
      split: 'issues' in split ? undefined : split,
    }),
    masks: samples.filter(({ mask }) => mask !== undefined).length,
    skipped: dataset.skipped,
    notes: [
      ...(dataset.privateNotes ?? []),
      ...(dataset.notes ?? []),
      ...('issues' in planned ? [] : planned.notes),
    ],
    ...(dataset.givenSplit === undefined ? {} : { givenSplit: dataset.givenSplit }),
    split: 'issues' in split ? split : summarizeSplit(split, dataset.classes.length),
  };
}

type DescribedClass = DatasetDescription['classes'][number];

const describeClass =
  (samples: readonly Described[]) =>
  (name: string, label: number): DescribedClass => {
    const members = samples.filter((sample) => sample.label === label);
    return {
      name,
      images: members.length,
      groups: countGroups(members),
      share: members.length / samples.length,
    };
  };

const describeFinding =
  (samples: readonly Described[]) =>
  (name: string, index: number): DescribedClass => {
    const having = (label: number): Described[] =>
      samples.filter(({ findings }) => findings?.[index] === label);
    const [present, absent] = [having(1), having(0).length];
    const known = present.length + absent;
    return {
      name,
      images: present.length,
      groups: countGroups(present),
      share: known === 0 ? 0 : present.length / known,
      absent,
      unknown: samples.length - known,
    };
  };

function planSplit(
  dataset: Dataset,
  options: SplitOptions,
): NotedSplit<Sample> | { issues: readonly Issue[] } {
  try {
    return splitDataset(dataset, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { issues: error.issues };
  }
}

const sizeOf = ({ facts, pixels }: Described): Size => ({
  width: facts?.width ?? pixels?.width ?? 0,
  height: facts?.height ?? pixels?.height ?? 0,
});
const countGroups = (samples: readonly Sample[]): number =>
  new Set<unknown>(samples.map((sample) => sample.group ?? sample)).size;

function kindOf({ facts, pixels }: Described): string {
  if (facts !== undefined) return kindOfFile(facts);
  return pixels === undefined
    ? 'not examined'
    : `${pixels.channels === 1 ? 'grey' : 'rgb'}, 8 bit, in memory`;
}

function describeGroups(samples: readonly Sample[]): DatasetDescription['groups'] {
  const sizes = countBy(
    samples.filter(({ group }) => group !== undefined),
    ({ group }) => group!,
  );
  const imagesWithout = samples.filter(({ group }) => group === undefined).length;
  return {
    count: sizes.size + imagesWithout,
    largest: [...sizes.values()].reduce(
      (most, size) => Math.max(most, size),
      imagesWithout > 0 ? 1 : 0,
    ),
    imagesWithout,
  };
}

function findDuplicates(samples: readonly Described[]): string[][] {
  const byHash = new Map<string, string[]>();
  for (const { id, facts } of samples)
    if (facts !== undefined) byHash.set(facts.hash, [...(byHash.get(facts.hash) ?? []), id]);
  return [...byHash.values()].filter((ids) => ids.length > 1);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
