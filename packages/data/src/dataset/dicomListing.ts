import { createHash } from 'node:crypto';
import { findAttribute, type Issue } from '@nonlocal-med/core';
import {
  defaultDescribing,
  type DescribingAttribute,
  describingAttributes,
} from '../dicom/describingAttributes.js';
import { type DicomHeader, readDicomHeader } from '../dicom/dicomHeader.js';
import { isGroupAttribute } from '../dicom/groupAttributes.js';
import { countOf } from '../noteText.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing, ListedImage } from './datasetListing.js';

/** What the ids of images begin with that are hashes instead of names. */
export const HASHED_ID = 'dicom-';

/** A listing whose DICOM files have been looked into. */
export interface DicomListing<L extends DatasetListing> {
  readonly listing: L;
  /** Whether ids and groups are hashes, so that no name of a file or patient leaves the data set. */
  readonly isPseudonymous: boolean;
  /** Notes that may contain names of files; to be shown, but not kept. */
  readonly privateNotes: readonly string[];
  /** The name of a group that is found later: hashed, if ids are. */
  readonly nameOfGroup: (group: string) => string;
}

const asTheyAre = {
  isPseudonymous: false,
  privateNotes: [],
  nameOfGroup: (group: string): string => group,
} as const;

/**
 * Completes the DICOM files of a listing: one image per frame, with the patient (PatientID, or the attribute that
 * `groupColumn` names) as its group. Unless `keepNames` is set, the ids and groups of a data set with DICOM files are
 * hashes: keys that only somebody who has the files can compute. Other data sets are returned as they are.
 */
export async function expandDicom<L extends DatasetListing>(
  listing: L,
  options: Pick<ResolvedDataOptions, 'groupColumn' | 'groupPattern' | 'keepNames' | 'attributes'>,
): Promise<DicomListing<L>> {
  const headers = await readHeaders(listing.images);
  const found = headers.filter((header) => header !== undefined);
  if (found.length === 0)
    return {
      ...asTheyAre,
      listing: { ...listing, issues: [...listing.issues, ...needsDicom(options, listing)] },
    };
  const grouping = chooseGroup(found, options);
  const describing = chooseDescribing(listing, options);
  const images = listing.images.flatMap((image, index): ListedImage[] => {
    const header = headers[index];
    if (header === undefined) return [image];
    const group = image.group ?? (grouping.by && header.attributes[grouping.by]);
    const described = withDescribing(image, header, describing);
    const grouped = group === undefined ? described : { ...described, group };
    return header.frames === 1
      ? [grouped]
      : Array.from({ length: header.frames }, (_, frame) => ({
          ...grouped,
          id: `${image.id}#${frame + 1}`,
          frame,
          group: group ?? image.id,
        }));
  });
  const attributeNames = [...(listing.attributeNames ?? []), ...describingAttributes];
  const notes = [...grouping.notes, ...describeFrames(found), ...describeBurnedIn(found)];
  if (options.keepNames === true)
    return {
      ...asTheyAre,
      listing: { ...listing, images, attributeNames, notes: [...listing.notes, ...notes] },
    };
  const salt = saltOf(found);
  return {
    listing: {
      ...listing,
      images: hideNames(images, salt),
      attributeNames,
      notes: [...notes, HIDDEN],
    },
    isPseudonymous: true,
    privateNotes: listing.notes,
    nameOfGroup: (group) => hideGroup(group, salt),
  };
}

/** The attributes of DICOM files that are kept with images: the requested ones, unless a manifest has them. */
function chooseDescribing(
  { attributeNames = [] }: DatasetListing,
  { attributes }: Pick<ResolvedDataOptions, 'attributes'>,
): readonly DescribingAttribute[] {
  if (attributes === undefined)
    return defaultDescribing.filter((name) => findAttribute(name, attributeNames) === undefined);
  const requested = attributes.filter((name) => findAttribute(name, attributeNames) === undefined);
  return requested.flatMap(
    (name) => (findAttribute(name, describingAttributes) as DescribingAttribute | undefined) ?? [],
  );
}

function withDescribing(
  image: ListedImage,
  { describing }: DicomHeader,
  names: readonly DescribingAttribute[],
): ListedImage {
  if (names.length === 0) return image;
  const values = names.map((name) => [name, describing[name] ?? ''] as const);
  return { ...image, attributes: { ...image.attributes, ...Object.fromEntries(values) } };
}

const HIDDEN =
  'Images and patients are named by hashes, since DICOM files and their names may tell who a patient is (data check --list FILE says which is which; --keep-names keeps the names).';

/** Files read at once. */
const CONCURRENCY = 16;

async function readHeaders(images: readonly ListedImage[]): Promise<(DicomHeader | undefined)[]> {
  const headers: (DicomHeader | undefined)[] = new Array<undefined>(images.length).fill(undefined);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < images.length) {
      const index = next++;
      headers[index] = await readDicomHeader(images[index].file);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return headers;
}

/** What DICOM images are grouped by, and what to say about it. */
function chooseGroup(
  headers: readonly DicomHeader[],
  { groupColumn, groupPattern }: Pick<ResolvedDataOptions, 'groupColumn' | 'groupPattern'>,
): { readonly by?: keyof DicomHeader['attributes']; readonly notes: readonly string[] } {
  if (groupPattern !== undefined) return { notes: [] };
  if (groupColumn !== undefined)
    return isGroupAttribute(groupColumn) ? { by: groupColumn, notes: [] } : { notes: [] };
  const patients = new Set(headers.map(({ attributes }) => attributes.PatientID));
  if (patients.size === 1 && headers.length > 1) return { notes: [describeOnePatient(headers)] };
  const without = headers.filter(({ attributes }) => attributes.PatientID === undefined).length;
  const known = patients.size - (without > 0 ? 1 : 0);
  return {
    by: 'PatientID',
    notes: [
      ...(known === 0
        ? []
        : [`Images with the same PatientID stay in the same split: ${countOf(known, 'patient')}.`]),
      ...(without === 0
        ? []
        : [
            `${countOf(without, 'DICOM file')} without a PatientID: each is its own group in a split.`,
          ]),
    ],
  };
}

/** One PatientID for all files, or none, is more likely left by an anonymization than one person. */
function describeOnePatient(headers: readonly DicomHeader[]): string {
  const studies = new Set(headers.map(({ attributes }) => attributes.StudyInstanceUID));
  const advice =
    studies.size > 1
      ? ` (${countOf(studies.size, 'study', 'studies')}: --group-column StudyInstanceUID keeps the images of a study in one)`
      : '';
  return `All ${headers.length.toLocaleString('en')} DICOM files have the same PatientID, or none: patients are not known, and each image is its own group in a split${advice}.`;
}

/** DICOM attributes cannot group images that are no DICOM files. */
function needsDicom(
  { groupColumn }: Pick<ResolvedDataOptions, 'groupColumn'>,
  { images }: DatasetListing,
): Issue[] {
  if (!isGroupAttribute(groupColumn) || images.some(({ group }) => group !== undefined)) return [];
  return [
    {
      path: 'data.groupColumn',
      message: `"${groupColumn}" is an attribute of DICOM files, but the data set has none`,
      hint: '--group-pattern finds groups in file names',
    },
  ];
}

function describeFrames(headers: readonly DicomHeader[]): string[] {
  const several = headers.filter(({ frames }) => frames > 1);
  if (several.length === 0) return [];
  const frames = several.reduce((total, header) => total + header.frames, 0);
  return [
    `${countOf(several.length, 'DICOM file')} with several frames: each of the ${frames.toLocaleString('en')} frames is an image of the same patient.`,
  ];
}

/** A caution if files say that their pixels show text. */
export function describeBurnedIn(headers: readonly Pick<DicomHeader, 'burnedIn'>[]): string[] {
  const count = headers.filter(({ burnedIn }) => burnedIn).length;
  if (count === 0) return [];
  return [
    `${countOf(count, 'DICOM file')} ${count === 1 ? 'says that its' : 'say that their'} pixels show text (BurnedInAnnotation YES): names of patients may be visible in overlays and reports.`,
  ];
}

/** A key that follows from the files alone, so that the same data set always gives the same hashes. */
const saltOf = (headers: readonly DicomHeader[]): string =>
  hash(
    headers
      .map(({ instance }) => instance)
      .sort()
      .join('\n'),
  );

function hideNames(images: readonly ListedImage[], salt: string): ListedImage[] {
  return images.map((image) => {
    const frame = image.frame === undefined ? '' : `-frame-${image.frame + 1}`;
    const path = image.frame === undefined ? image.id : image.id.replace(/#\d+$/, '');
    return {
      ...image,
      id: `${HASHED_ID}${hash(salt, 'image', path).slice(0, 16)}${frame}`,
      namedId: image.id,
      ...(image.group === undefined ? {} : { group: hideGroup(image.group, salt) }),
    };
  });
}

const hideGroup = (group: string, salt: string): string => hash(salt, 'group', group).slice(0, 16);

const hash = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex');
