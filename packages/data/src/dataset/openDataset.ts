import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import {
  type Dataset,
  type Issue,
  parseOptions,
  type PixelValues,
  type Sample,
  type SkippedFile,
  throwIssues,
} from '@nonlocal-med/core';
import { keepAttributes } from '../attributes/keepAttributes.js';
import { defaultCacheFolder } from '../cache/diskCache.js';
import { countOf, shortList } from '../noteText.js';
import type { ImageCheck, ImageFacts, ImageSource } from './checkImage.js';
import { checkImages } from './checkImages.js';
import {
  type DataOptions,
  dataOptionsSchema,
  type DatasetKind,
  type ResolvedDataOptions,
} from './dataOptionsSchema.js';
import type { DatasetListing } from './datasetListing.js';
import { decideValues, describePages } from './datasetValues.js';
import { type DicomListing, expandDicom } from './dicomListing.js';
import { findClassIssues, findMaskIssues } from './findDatasetIssues.js';
import { checkGivenSplit, type GivenSplit, giveSplit } from './givenSplit/givenSplit.js';
import { groupImages } from './groupImages.js';
import { findLikelyGroups, type LikelyGroups } from './groups/likelyGroups.js';
import { joinDuplicates, joinNearDuplicates } from './joinDuplicates.js';
import { type LabeledImage, labelImages } from './labelImages.js';
import { appliesTo, listDataset } from './listDataset.js';
import { naturalCompare } from './naturalCompare.js';

/** How to follow or stop the opening of a data set. */
export interface OpenOptions {
  /** Called while images are checked, with the number checked so far. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** The scale of values (`preprocessing.values`) of a model that the images are for: another one is an issue. */
  readonly modelValues?: PixelValues;
  /** Accept one class, and classes without images: enough to test a model. Default: false. */
  readonly allowMissingClasses?: boolean;
}

/** A sample whose image has been decoded once, completely. */
export interface CheckedSample extends Sample {
  readonly file: string;
  readonly facts: ImageFacts;
}

/** A checked data set from files. */
export interface OpenedDataset extends Dataset {
  /** The kind it was opened as, given or detected. */
  readonly kind: DatasetKind;
  readonly samples: readonly CheckedSample[];
  /** The scale of values of all images, for `preprocessing.values`. */
  readonly values: PixelValues;
  /** Decisions and observations that are not issues but that the user should know of, one sentence each. */
  readonly notes: readonly string[];
  /** Whether names of files and patients, and paths, must not be written down: a data set of DICOM files, unless `keepNames` is set. */
  readonly hidesNames: boolean;
  /** Notes that contain names of DICOM files: for the user's terminal, not for anything that is kept. */
  readonly privateNotes: readonly string[];
  /** Groups that the file names suggest; absent if groups are given, or if the names suggest none. */
  readonly likelyGroups?: LikelyGroups;
  /** The split that is given with the data set, and its leaks; absent without one. */
  readonly givenSplit?: GivenSplit;
}

/**
 * Opens a data set on disk and checks all of it before anything expensive starts: layout, labels, groups, and every
 * image by decoding it. Samples come in natural order of their ids.
 *
 * @param options those of {@link dataOptionsSchema}; only `path` is required
 * @throws InputError with all issues of the data set together
 *
 * @example
 * ```ts
 * import { mkdir, mkdtemp, rm } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openDataset, tinyLesionsImage } from '@nonlocal-med/data';
 * import sharp from 'sharp';
 *
 * // A folder with one subfolder per class.
 * const path = await mkdtemp(join(tmpdir(), 'fundus-'));
 * for (const index of [0, 1, 2, 3]) {
 *   const { pixels, label } = tinyLesionsImage({ size: 64, index, classes: 2 });
 *   const folder = join(path, ['healthy', 'lesions'][label]);
 *   await mkdir(folder, { recursive: true });
 *   const { data, width, height } = pixels;
 *   await sharp(data, { raw: { width, height, channels: 3 } }).toFile(join(folder, `${index}.png`));
 * }
 * const { classes, samples } = await openDataset({ path, cacheFolder: null });
 * console.log(classes.join(', ')); // healthy, lesions
 * console.log(samples.map(({ id }) => id).join(', ')); // healthy/0.png, healthy/2.png, lesions/1.png, lesions/3.png
 * await rm(path, { recursive: true });
 * ```
 */
export async function openDataset(options: DataOptions & OpenOptions): Promise<OpenedDataset> {
  const { onProgress, signal, modelValues, allowMissingClasses, ...given } = options;
  const resolved = parseOptions(dataOptionsSchema, given, 'data');
  const { workers = availableParallelism(), cacheFolder = defaultCacheFolder() } = resolved;
  const dicom = await expandDicom(await giveSplit(await listDataset(resolved), resolved), resolved);
  const { listing } = dicom;
  const kept = keepAttributes(listing.images, {
    wanted: resolved.attributes,
    names: listing.attributeNames,
  });
  const labeled = labelImages({ ...listing, images: kept.images }, resolved);
  const masked = labeled.images.filter(({ mask }) => mask !== undefined);
  const files: ImageSource[] = [
    ...labeled.images.map(({ file, frame }) => ({ file, frame })),
    ...masked.map(({ mask }) => ({ file: mask! })),
  ];
  const checks = await checkImages(files, { workers, cacheFolder, onProgress, signal });
  const { good, bad } = separateBadImages(labeled.images, checks);
  const skipping = resolved.onBadImage === 'skip';
  const grouped = groupImages(good, resolved.groupPattern, groupNoteOf(listing));
  const images = nameGroups(grouped.images, dicom, resolved);
  const { givenSplit, ...splitCheck } = checkGivenSplit(images, {
    ...resolved,
    splitSource: listing.splitSource,
  });
  const likelyGroups =
    appliesTo('groupPattern', listing.kind) &&
    !dicom.isPseudonymous &&
    images.every(({ group }) => group === undefined)
      ? findLikelyGroups(good)
      : undefined;
  const splitIsGiven = listing.splitSource !== undefined;
  const joined = joinDuplicates(images, { splitIsGiven });
  const near =
    resolved.nearDuplicates === 'join' && !splitIsGiven
      ? joinNearDuplicates(joined.images)
      : { images: joined.images, notes: [] };
  const scale = decideValues(good, { ...resolved, modelValues });
  const issues = [
    ...listing.issues,
    ...kept.issues,
    ...labeled.issues,
    ...(skipping ? [] : bad.map(toIssue)),
    ...grouped.issues,
    ...joined.issues,
    ...scale.issues,
    ...splitCheck.issues,
    ...findMaskIssues(masked, { checks: checks.slice(labeled.images.length), good }),
    ...findClassIssues({
      path: resolved.path,
      classes: labeled.classes,
      images: skipping ? joined.images : labeled.images,
      bad,
      listing,
      allowMissingClasses,
    }),
  ];
  throwIssues(issues, dicom.isPseudonymous ? { record: unnamedIssues(issues.length) } : {});

  const sorted = [...near.images].sort((a, b) => naturalCompare(a.id, b.id));
  return {
    name: resolved.name ?? listing.name,
    kind: listing.kind,
    ...(listing.findings === undefined ? {} : { task: 'multilabel' as const }),
    classes: labeled.classes,
    values: scale.values,
    samples: sorted.map(
      ({ id, file, frame, className, findings, group, mask, split, attributes, facts }) => ({
        id,
        file,
        ...(frame === undefined ? {} : { frame }),
        label: findings === undefined ? labeled.classes.indexOf(className) : -1,
        ...(findings === undefined ? {} : { findings }),
        facts,
        group,
        mask,
        ...(split === undefined ? {} : { split }),
        ...(attributes === undefined ? {} : { attributes }),
      }),
    ),
    skipped: bad.map(({ image, reason }): SkippedFile => ({
      file: dicom.isPseudonymous ? image.id : image.file,
      reason,
    })),
    fingerprint: fingerprintOf(labeled.classes, sorted),
    notes: [
      ...listing.notes,
      ...splitCheck.notes,
      ...labeled.notes,
      ...kept.notes,
      ...scale.notes,
      ...describePages(good),
      ...(likelyGroups === undefined && !dicom.isPseudonymous ? grouped.notes : []),
      ...joined.notes,
      ...near.notes,
    ],
    hidesNames: dicom.isPseudonymous,
    privateNotes: [
      ...dicom.privateNotes,
      ...(dicom.isPseudonymous ? [...grouped.notes, ...describeSkipped(bad)] : []),
    ],
    ...(likelyGroups === undefined ? {} : { likelyGroups }),
    ...(givenSplit === undefined ? {} : { givenSplit }),
  };
}

/** Groups that a pattern found in names are hashed where ids are. */
function nameGroups<I extends { readonly group?: string }>(
  images: readonly I[],
  { nameOfGroup }: Pick<DicomListing<DatasetListing>, 'nameOfGroup'>,
  { groupPattern }: Pick<ResolvedDataOptions, 'groupPattern'>,
): readonly I[] {
  if (groupPattern === undefined) return images;
  return images.map((image) =>
    image.group === undefined ? image : { ...image, group: nameOfGroup(image.group) },
  );
}

/** In a given split, unknown patients cannot be kept together, only found out. */
const groupNoteOf = ({
  splitSource,
  groupNote,
  folderPattern,
}: DatasetListing): string | undefined => {
  const ifPatients = `if the folders within those of the classes are patients, --group-pattern '${folderPattern}'`;
  if (splitSource === undefined)
    return folderPattern === undefined
      ? groupNote
      : `Each image is its own group in a split; ${ifPatients} keeps the images of each in one split.`;
  const advice =
    folderPattern === undefined
      ? '--group-pattern or --group-column says it.'
      : `${ifPatients} finds them.`;
  return `It is not known which images show the same patient, so patients in more than one part of the given split are not found; ${advice}`;
};

type CheckedImage = LabeledImage & { readonly facts: ImageFacts };

interface BadImage {
  readonly image: LabeledImage;
  readonly reason: string;
}

function separateBadImages(
  images: readonly LabeledImage[],
  checks: readonly ImageCheck[],
): { good: CheckedImage[]; bad: BadImage[] } {
  const good: CheckedImage[] = [];
  const bad: BadImage[] = [];
  images.forEach((image, index) => {
    const check = checks[index];
    if ('facts' in check) good.push({ ...image, facts: check.facts });
    else bad.push({ image, reason: check.reason });
  });
  return { good, bad };
}

/** What may be kept of issues that name DICOM files. */
const unnamedIssues = (count: number): string =>
  `${countOf(count, 'problem')} with the images; data check shows ${count === 1 ? 'it' : 'them'}, with names of files, which are not kept`;

/** Which files were skipped, where what is kept names them by hashes. */
const describeSkipped = (bad: readonly BadImage[]): string[] =>
  bad.length === 0
    ? []
    : [
        `Skipped: ${shortList(
          bad.map(({ image: { id, namedId = id } }) => `${namedId} (${id})`),
          20,
        )}.`,
      ];

const toIssue = ({ image, reason }: BadImage): Issue => ({
  path: image.issuePath,
  message: `the image cannot be used: ${reason}`,
  hint: 'repair it, remove it, or leave it out with --on-bad-image skip',
});

/**
 * SHA-256 over the classes in their order and over each image's id, class or findings, content and part of a given split;
 * the order of the images does not matter.
 */
function fingerprintOf(classes: readonly string[], images: readonly CheckedImage[]): string {
  const lines = images
    .map(({ id, className, facts, split }) =>
      JSON.stringify([id, className, facts.hash, ...(split === undefined ? [] : [split])]),
    )
    .sort();
  return createHash('sha256')
    .update([JSON.stringify(classes), ...lines].join('\n'))
    .digest('hex');
}
