import { availableParallelism } from 'node:os';
import { type Issue, parseOptions, type SkippedFile, throwIssues } from '@nonlocal-med/core';
import { defaultCacheFolder } from '../cache/defaultCacheFolder.js';
import type { ImageCheck } from './checkImage.js';
import { checkImages } from './checkImages.js';
import { type DataOptions, dataOptionsSchema } from './dataOptionsSchema.js';
import { findClassIssues } from './findClassIssues.js';
import { findMaskIssues } from './findMaskIssues.js';
import { fingerprintOf } from './fingerprintOf.js';
import { groupImages } from './groupImages.js';
import { joinDuplicates } from './joinDuplicates.js';
import { joinNearDuplicates } from './joinNearDuplicates.js';
import { labelImages, type LabelledImage } from './labelImages.js';
import { listDataset } from './listDataset.js';
import { naturalCompare } from './naturalCompare.js';
import type { CheckedSample, ImageFacts, OpenedDataset } from './openedDataset.js';

export interface OpenOptions {
  /** Called while images are checked. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Opens a data set on disk and checks all of it before anything costly starts: layout, labels, groups, and every
 * image by decoding it. Samples come in natural order of their ids.
 *
 * @throws InputError with all issues of the data set together
 */
export async function openDataset(options: DataOptions & OpenOptions): Promise<OpenedDataset> {
  const { onProgress, signal, ...given } = options;
  const resolved = parseOptions(dataOptionsSchema, given, 'data');
  const listing = await listDataset(resolved);
  const labelled = labelImages(listing, resolved);
  const masks = labelled.images.filter(({ mask }) => mask !== undefined);
  const checks = await checkImages(
    [...labelled.images.map(({ file }) => file), ...masks.map(({ mask }) => mask!)],
    {
      workers: resolved.workers ?? availableParallelism(),
      cacheFolder: resolved.cacheFolder === undefined ? defaultCacheFolder() : resolved.cacheFolder,
      onProgress,
      signal,
    },
  );
  const { good, bad } = sortOut(labelled.images, checks);
  const skipping = resolved.onBadImage === 'skip';
  const grouped = groupImages(good, resolved.groupPattern, listing.groupNote);
  const joined = joinDuplicates(grouped.images);
  const near =
    resolved.nearDuplicates === 'join'
      ? joinNearDuplicates(joined.images)
      : { images: joined.images, notes: [] };
  const maskIssues = findMaskIssues(masks, { checks: checks.slice(labelled.images.length), good });
  const classIssues = findClassIssues({
    place: resolved.path,
    classes: labelled.classes,
    images: skipping ? joined.images : labelled.images,
    bad,
    listing,
  });
  throwIssues([
    ...listing.issues,
    ...labelled.issues,
    ...(skipping ? [] : bad.map(toIssue)),
    ...grouped.issues,
    ...joined.issues,
    ...maskIssues,
    ...classIssues,
  ]);

  const images = [...near.images].sort((a, b) => naturalCompare(a.id, b.id));
  return {
    name: resolved.name ?? listing.name,
    kind: listing.kind,
    classes: labelled.classes,
    samples: images.map((image) => toSample(image, labelled.classes)),
    skipped: bad.map(({ image, reason }): SkippedFile => ({ file: image.file, reason })),
    fingerprint: fingerprintOf(
      labelled.classes,
      images.map(({ id, className, facts }) => ({ id, className, hash: facts.hash })),
    ),
    notes: [...listing.notes, ...labelled.notes, ...grouped.notes, ...joined.notes, ...near.notes],
  };
}

interface BadImage {
  readonly image: LabelledImage;
  readonly reason: string;
}

function sortOut(
  images: readonly LabelledImage[],
  checks: readonly ImageCheck[],
): { good: (LabelledImage & { facts: ImageFacts })[]; bad: BadImage[] } {
  const good = images.flatMap((image, index) => {
    const check = checks[index];
    return 'facts' in check ? [{ ...image, facts: check.facts }] : [];
  });
  const bad = images.flatMap((image, index) => {
    const check = checks[index];
    return 'reason' in check ? [{ image, reason: check.reason }] : [];
  });
  return { good, bad };
}

const toIssue = ({ image, reason }: BadImage): Issue => ({
  path: image.where,
  message: `the image cannot be used: ${reason}`,
  hint: 'repair it, take it out, or set onBadImage to "skip"',
});

function toSample(
  { id, file, className, group, mask, facts }: LabelledImage & { facts: ImageFacts },
  classes: readonly string[],
): CheckedSample {
  return {
    id,
    file,
    label: classes.indexOf(className),
    facts,
    ...(group === undefined ? {} : { group }),
    ...(mask === undefined ? {} : { mask }),
  };
}
