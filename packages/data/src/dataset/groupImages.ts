import { basename, extname } from 'node:path';
import type { Issue } from '@nonlocal-med/core';
import type { ListedImage } from './datasetListing.js';

/** Images with their groups. */
export interface GroupedImages<I> {
  readonly images: readonly (I & { readonly group?: string })[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/**
 * Assigns images the group that `groupPattern` finds in their file names; without a pattern they keep the group they
 * have. `groupNote` is reported if none has any.
 */
export function groupImages<I extends { readonly file: string; readonly group?: string }>(
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
  const pattern = new RegExp(groupPattern, 'u');
  const grouped = images.map((image) => ({
    ...image,
    group: pattern.exec(basename(image.file))?.[1],
  }));
  const ungrouped = grouped.filter(({ group }) => group === undefined);
  if (ungrouped.length === 0) return { images: grouped, issues: [], notes: [] };
  if (ungrouped.length === images.length) {
    const issue: Issue = {
      path: 'data.groupPattern',
      message: `"${groupPattern}" matches none of ${images.length} file names`,
      hint: `the first is ${basename(images[0].file)}`,
    };
    return { images: grouped, issues: [issue], notes: [] };
  }
  const note = `groupPattern matches ${images.length - ungrouped.length} of ${images.length} file names; each of the others, such as ${basename(ungrouped[0].file)}, is its own group in a split.`;
  return { images: grouped, issues: [], notes: [note] };
}

const EYE = /^(.*\d)[_-](left|right)$/i;

/**
 * Groups images by the patient in file names such as 10_left.jpeg, if every name has that form and both eyes of some
 * patient are present; otherwise undefined.
 */
export function pairEyes(
  images: readonly ListedImage[],
): { images: ListedImage[]; note: string } | undefined {
  const matches = images.map(({ file }) => EYE.exec(basename(file, extname(file))));
  const patients = new Set(matches.map((match) => match?.[1]));
  if (patients.has(undefined) || patients.size === images.length) return undefined;
  return {
    images: images.map((image, index) => ({ ...image, group: matches[index]![1] })),
    note: `File names are eyes of ${patients.size.toLocaleString('en')} patients, such as ${basename(images[0].file)}: both eyes stay in the same split (override with --group-column or --group-pattern).`,
  };
}
