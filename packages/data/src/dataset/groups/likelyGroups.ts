import { basename } from 'node:path';
import type { Sample } from '@nonlocal-med/core';
import { countOf } from '../../noteText.js';
import type { Split } from '../../split/split.js';
import { hasGivenSplit } from '../givenSplit/givenSplit.js';
import { groupImages } from '../groupImages.js';
import { joinDuplicates } from '../joinDuplicates.js';
import { candidateForms, type NameForm } from './nameForms.js';

/** Groups that the names of images suggest while none are given: images that likely show the same patient. */
export interface LikelyGroups {
  /** The `groupPattern` that makes these groups. */
  readonly pattern: string;
  /** What the names look like. */
  readonly form: string;
  /** Images that match the pattern. */
  readonly matched: number;
  /** Groups that the pattern would make, together with the images that remain alone. */
  readonly groups: number;
  /** Images of the largest group. */
  readonly largest: number;
  /** Images that share their group with another one. */
  readonly sharing: number;
  /** Whether the pattern matches the images' paths below the data set rather than their file names. */
  readonly inPaths: boolean;
  /** File names, or paths, of a group with several images. */
  readonly example: readonly string[];
  /** The group of each image by its id; absent for images that are alone. */
  readonly groupOf: ReadonlyMap<string, string>;
}

interface NamedImage {
  readonly id: string;
  readonly file: string;
  readonly issuePath: string;
  readonly className: string;
  readonly findings?: readonly number[];
  readonly facts: { readonly hash: string };
}

/**
 * Looks for patients in the names of images that have no groups.
 * @returns undefined if the names do not suggest any: running numbers, hashes, dates, or one image per patient
 */
export function findLikelyGroups(images: readonly NamedImage[]): LikelyGroups | undefined {
  // Sets of findings are as many as they like, unlike classes: only present and absent are told apart.
  const classes =
    images[0]?.findings === undefined ? new Set(images.map(({ className }) => className)).size : 2;
  const plain = images.map(({ id, file, issuePath, className, findings, facts }) => ({
    id,
    file,
    issuePath,
    className,
    findings,
    facts,
  }));
  for (const form of candidateForms(plain.map(({ id }) => id))) {
    const { images: grouped, issues } = groupImages(plain, form.pattern);
    if (issues.length > 0 || !isPlausible(form, grouped, classes)) continue;
    // As opening the data set with this pattern would group them.
    return describeGroups(form, joinDuplicates(grouped).images, grouped);
  }
  return undefined;
}

type Grouped = NamedImage & { readonly group?: string };

/** A year, month or day. */
const DATE = /(?<!\d)(19|20)\d\d([-_. ]?(0[1-9]|1[0-2])([-_. ]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)/;
const HEXADECIMAL = /^(?=.*[a-f])(?=.*\d)[\da-f]{3,}$/i;

/** Whether these groups could be patients rather than days, classes, hospitals, or the beginnings of hashes. */
function isPlausible(form: NameForm, images: readonly Grouped[], classes: number): boolean {
  const evidence = form.evidence;
  const proven =
    evidence === undefined
      ? images.length
      : images.filter(({ file }) => evidence.test(basename(file))).length;
  const sizes = groupSizes(images);
  const names = [...sizes.keys()];
  const matched = sum(sizes.values());
  const sharing = sum([...sizes.values()].filter((size) => size > 1));
  if (sharing < 2 || proven < images.length / 10 || matched < images.length / 10) return false;
  if (areDates(names)) return false;
  if (form.guessed !== true) return names.length > 1;
  const hashes = names.filter((name) => HEXADECIMAL.test(name)).length > names.length / 4;
  return (
    matched >= images.length / 2 &&
    sharing >= Math.max(4, (hashes ? 0.3 : 0.05) * matched) &&
    names.length >= Math.max(5, 3 * classes) &&
    matched / names.length <= 30 &&
    Math.max(...sizes.values()) <= Math.max(4, matched / 5)
  );
}

/** Whether names differ in a date only: images of one day are not those of one patient. */
function areDates(names: readonly string[]): boolean {
  const rests = new Set(names.map((name) => name.replace(DATE, '')));
  return (
    names.filter((name) => DATE.test(name)).length > names.length / 2 &&
    rests.size <= names.length / 4
  );
}

function describeGroups(
  { title, pattern }: NameForm,
  joined: readonly Grouped[],
  grouped: readonly Grouped[],
): LikelyGroups {
  const sizes = groupSizes(joined);
  const matched = grouped.filter(({ group }) => group !== undefined);
  const ofNames = groupSizes(grouped);
  const shown = matched.find(({ group }) => ofNames.get(group!)! > 1)!.group;
  const inNames = new RegExp(pattern, 'u');
  const inPaths = !matched.some(({ file }) => inNames.exec(basename(file))?.[1] !== undefined);
  return {
    pattern,
    form: title,
    inPaths,
    matched: matched.length,
    groups: sizes.size + joined.filter(({ group }) => group === undefined).length,
    largest: Math.max(...sizes.values()),
    sharing: sum([...sizes.values()].filter((size) => size > 1)),
    example: matched
      .filter(({ group }) => group === shown)
      .map(({ id, file }) => (inPaths ? id : basename(file))),
    groupOf: new Map(
      joined.flatMap(({ id, group }) => (group === undefined ? [] : [[id, group] as const])),
    ),
  };
}

/** What likely groups mean for a split, as plain data with a sentence. */
export interface LikelyGroupObservation extends Omit<
  LikelyGroups,
  'groupOf' | 'example' | 'inPaths'
> {
  /** Test images that likely show a patient of the training or validation set; null without a split. */
  readonly testImages: number | null;
  /** What was observed, in a few sentences; {@link LikelyGroupObservation.option} completes the last one. */
  readonly message: string;
  /** The option that makes these groups, as typed in a shell. */
  readonly option: string;
}

/**
 * Counts the test images whose likely patient is also in the training or validation set.
 * @param split absent if none is possible; a given one is checked by groups, not made by them
 */
export function describeLikelyGroups(
  { groupOf, example, inPaths, ...likely }: LikelyGroups,
  {
    images,
    split,
    isTest = false,
  }: {
    readonly images: number;
    readonly split?: Split;
    /** All images are tested and none is trained on: groups matter to intervals only. */
    readonly isTest?: boolean;
  },
): LikelyGroupObservation {
  const groupsIn = (samples: readonly Sample[]): Set<string | undefined> =>
    new Set(samples.map(({ id }) => groupOf.get(id)).filter((group) => group !== undefined));
  const seen = groupsIn(split === undefined ? [] : [...split.train, ...split.validation]);
  const testImages =
    split === undefined ? null : split.test.filter(({ id }) => seen.has(groupOf.get(id))).length;
  const { form, matched, groups, largest, sharing, pattern } = likely;
  const which =
    matched === images
      ? inPaths
        ? 'Paths'
        : 'File names'
      : `${matched.toLocaleString('en')} of ${countOf(images, inPaths ? 'path' : 'file name')}`;
  const effect =
    testImages === null || split === undefined
      ? `${countOf(sharing, 'image')} likely ${sharing === 1 ? 'shows' : 'show'} a patient of another image, ${isTest ? 'so the intervals are too narrow' : 'and nothing keeps them in one split'}.`
      : `In this split, ${testImages.toLocaleString('en')} of ${countOf(split.test.length, 'test image')} likely ${testImages === 1 ? 'shows' : 'show'} a patient who is also in the training or validation set.`;
  return {
    ...likely,
    testImages,
    message: [
      `${which} ${form}, such as ${example.slice(0, 2).join(' and ')}.`,
      `If so, there are ${countOf(groups, 'group')}, the largest with ${countOf(largest, 'image')}.`,
      effect,
      isTest
        ? 'To resample patients instead of images:'
        : hasGivenSplit([...(split?.train ?? []), ...(split?.test ?? [])])
          ? 'To check the given split for them:'
          : 'To keep each patient in one split:',
    ].join(' '),
    option: `--group-pattern '${pattern}'`,
  };
}

function groupSizes(images: readonly Grouped[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { group } of images)
    if (group !== undefined) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return sizes;
}

const sum = (values: Iterable<number>): number =>
  [...values].reduce((total, value) => total + value, 0);
