import { basename, dirname, extname } from 'node:path';
import { count, type Issue } from '@nonlocal-med/core';
import type { ListedImage } from './datasetListing.js';
import { groupBy } from './groupBy.js';

/** Images with their groups. */
export interface GroupedImages<I> {
  readonly images: readonly (I & { readonly group?: string })[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/**
 * Assigns images the group that `groupPattern` finds in their file names, or in their paths below the data set if it
 * matches no file name or contains a slash; without a pattern they keep the group they have. `groupNote` is reported if
 * none has any.
 */
export function groupImages<I extends Named & { readonly group?: string }>(
  images: readonly I[],
  groupPattern: string | undefined,
  groupNote = 'Each image is its own group in a split; if several images show the same patient, use --group-column or --group-pattern.',
): GroupedImages<I> {
  if (groupPattern === undefined)
    return {
      images,
      issues: [],
      notes: images.some(({ group }) => group !== undefined) ? [] : [groupNote],
    };
  const { grouped, what, nameOf } = matchPattern(images, groupPattern);
  const ungrouped = grouped.filter(({ group }) => group === undefined);
  const read = what === 'paths' ? [PATHS_NOTE] : describeSharedGroups(grouped, groupPattern);
  if (ungrouped.length === 0) return { images: grouped, issues: [], notes: read };
  if (ungrouped.length === images.length) {
    const issue: Issue = {
      path: 'data.groupPattern',
      message: `"${groupPattern}" matches none of ${images.length} file names and paths`,
      hint: `the first is ${nameOf(images[0])}`,
    };
    return { images: grouped, issues: [issue], notes: [] };
  }
  const note = `--group-pattern matches ${images.length - ungrouped.length} of ${images.length} ${what}; each of the others, such as ${nameOf(ungrouped[0])}, is its own group in a split.`;
  return { images: grouped, issues: [], notes: [...read, note] };
}

const PATHS_NOTE = '--group-pattern is applied to the paths of the images below the data set.';

type Named = {
  readonly id: string;
  readonly namedId?: string;
  readonly file: string;
  readonly className?: string;
};

type Grouped = Named & { readonly group?: string };

/**
 * A note on groups with images in the folders of several classes: one patient, or several who are called the same. If
 * the folder in front of the group tells them apart, the note says by which pattern.
 */
function describeSharedGroups(images: readonly Grouped[], pattern: string): string[] {
  const shared = [...groupBy(images, ({ group }) => group)].filter(
    ([, [first, ...others]]) =>
      others.some(({ className }) => className !== first.className) &&
      others.some(({ file }) => dirname(file) !== dirname(first.file)),
  );
  if (shared.length === 0) return [];
  const [[name, members]] = shared;
  const other = members.find(({ className }) => className !== members[0].className)!;
  const withFolder = pattern.replace(/^\^\((?!\?)/, '^([^/]+/');
  const tellsApart =
    withFolder !== pattern &&
    images.every(
      ({ id, namedId = id, group }) =>
        group === undefined || new RegExp(withFolder, 'u').test(namedId),
    );
  const advice = tellsApart
    ? `:\n--group-pattern '${withFolder}'`
    : ', capture the folder as well (a pattern with a slash is applied to paths).';
  return [
    `--group-pattern finds ${count(shared.length, 'patient')} with images in the folders of several classes, such as ${name} (${pathOf(members[0])} and ${pathOf(other)}), and keeps all images of each in one split. If each folder numbers its patients separately${advice}`,
  ];
}

/** The groups that a pattern finds in file names; in paths, if it finds none there or contains a slash. */
function matchPattern<I extends Named>(
  images: readonly I[],
  source: string,
): {
  readonly grouped: readonly (I & { readonly group?: string })[];
  readonly what: 'file names' | 'paths';
  readonly nameOf: (image: Named) => string;
} {
  const pattern = new RegExp(source, 'u');
  const match = (nameOf: (image: Named) => string): (I & { readonly group?: string })[] =>
    images.map((image) => ({ ...image, group: pattern.exec(nameOf(image))?.[1] }));
  const nameOfFile = ({ file }: Named): string => basename(file);
  const byName = source.replaceAll('[^/]', '').includes('/') ? [] : match(nameOfFile);
  if (byName.some(({ group }) => group !== undefined))
    return { grouped: byName, what: 'file names', nameOf: nameOfFile };
  return { grouped: match(pathOf), what: 'paths', nameOf: pathOf };
}

/** An image's path below the data set. */
const pathOf = ({ id, namedId = id }: Named): string => namedId;

const EYE = /^(.*\d)[_-](left|right)$/i;

/**
 * Groups images by the patient in file names such as 10_left.jpeg, if every name has that form and both eyes of some
 * patient are present; otherwise undefined.
 */
export function pairEyes(
  images: readonly ListedImage[],
  options: { readonly splitIsGiven: boolean },
): { images: ListedImage[]; note: string } | undefined {
  const matches = images.map(({ file }) => EYE.exec(basename(file, extname(file))));
  const patients = new Set(matches.map((match) => match?.[1]));
  if (patients.has(undefined) || patients.size === images.length) return undefined;
  return {
    images: images.map((image, index) => ({ ...image, group: matches[index]![1] })),
    note: `File names are eyes of ${patients.size.toLocaleString('en')} patients, such as ${basename(images[0].file)}: both eyes ${groupRule(options)} (override with --group-column or --group-pattern).`,
  };
}

/** What holds for the images of a group: a split is made by it, and a given one is checked for it. */
export const groupRule = ({ splitIsGiven }: { readonly splitIsGiven: boolean }): string =>
  splitIsGiven ? 'must be in one part of the given split' : 'stay in the same split';
