import { basename, join, resolve } from 'node:path';
import { InputError, type Issue } from '@nonlocal-med/core';
import { publishedCounts, shortList } from '../../noteText.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing, ListedImage } from '../datasetListing.js';
import { findImages } from '../findImages.js';
import { naturalCompare } from '../naturalCompare.js';
import {
  type CovidClass,
  covidClasses,
  type CovidFolders,
  findCovidFolders,
} from './findCovidFolders.js';

interface Release {
  readonly name: string;
  readonly counts: Readonly<Partial<Record<CovidClass, number>>>;
}

/** The releases of the COVID-19 Radiography Database with their published numbers of images (spec 8.2). */
const FIRST_RELEASE: Release = {
  name: 'First release',
  counts: { 'COVID-19': 219, Normal: 1341, 'Viral Pneumonia': 1345 },
};
const FIRST_UPDATE: Release = {
  name: 'First update',
  counts: { 'COVID-19': 1200, Normal: 1341, 'Viral Pneumonia': 1345 },
};
const LATER_RELEASE: Release = {
  name: 'Later release',
  counts: { 'COVID-19': 3616, Lung_Opacity: 6012, Normal: 10192, 'Viral Pneumonia': 1345 },
};

/**
 * Lists the COVID-19 Radiography Database in any of its releases: class folders under their various names, with their
 * images in images/ if there is such a folder. The masks next to them show lungs, not lesions, and are not read.
 */
export async function readCovidRadiography(
  folder: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const found = await findCovidFolders(folder);
  if (found === undefined)
    throw new InputError({
      path: folder,
      message: 'contains no class folders of the COVID-19 Radiography Database',
      hint: 'COVID-19 or COVID, NORMAL, Viral Pneumonia (and Lung_Opacity), here or up to two folders below',
    });
  const classes = await Promise.all(
    covidClasses.filter((name) => found.folders.has(name)).map((name) => readClass(found, name)),
  );
  const release = detectRelease(found, classes);
  const used = selectClasses(classes, options);
  const selected = options.release === 'first' ? used.map(takeFirstRelease) : used;
  return {
    name: basename(resolve(found.root)),
    labels: used.map(({ className }) => className),
    labelOrder: covidClasses,
    images: selected.flatMap(({ className, images }) =>
      images.map((path): ListedImage => {
        const file = join(found.root, path);
        return { id: path, file: resolve(file), label: className, issuePath: file };
      }),
    ),
    issues: found.repeated.map((name): Issue => ({
      path: join(found.root, name),
      message: 'is a second folder of its class',
      hint: 'one folder per class',
    })),
    notes: [
      compareCounts(release.name, classes, release),
      ...(options.release === 'first'
        ? [describeFirstRelease(selected, release === FIRST_RELEASE)]
        : []),
      ...describeLeftOut(classes, used),
    ],
  };
}

/** The images of a class. */
interface ClassImages {
  readonly className: CovidClass;
  /** Paths in natural order. */
  readonly images: readonly string[];
  /** Whether they are in a folder images/, next to the masks. */
  readonly inImages: boolean;
  /** Images outside that folder, which are ignored. */
  readonly outside: readonly string[];
  readonly hasMasks: boolean;
}

async function readClass(
  { root, folders }: CovidFolders,
  className: CovidClass,
): Promise<ClassImages> {
  const folder = folders.get(className)!;
  const { images, unsupported, maskFolders } = await findImages(join(root, folder));
  const all = [...images, ...unsupported];
  const inner = all.filter((path) => /^images\//i.test(path));
  const inImages = inner.length > 0;
  const toPath = (path: string): string => `${folder}/${path}`;
  return {
    className,
    images: (inImages ? inner : all).map(toPath).sort(naturalCompare),
    inImages,
    outside: inImages ? all.filter((path) => !inner.includes(path)).map(toPath) : [],
    hasMasks: maskFolders.length > 0,
  };
}

/** Detected by its folders first; COVID-1.png instead of COVID (1).png marks a later release without images/ folders. */
function detectRelease({ folders }: CovidFolders, classes: readonly ClassImages[]): Release {
  const paths = classes.flatMap(({ images }) => images);
  const hyphenated = paths.filter((path) => /-\d+\.\w+$/.test(path)).length;
  const parenthesized = paths.filter((path) => /\(\d+\)\.\w+$/.test(path)).length;
  if (
    folders.has('Lung_Opacity') ||
    classes.some(({ inImages }) => inImages) ||
    hyphenated > parenthesized
  )
    return LATER_RELEASE;
  return /19/.test(folders.get('COVID-19')!) ? FIRST_RELEASE : FIRST_UPDATE;
}

/** The option `classes` selects among the folders; the first release did not have Lung_Opacity. */
function selectClasses(
  classes: readonly ClassImages[],
  { classes: names, release, labelMap }: ResolvedDataOptions,
): ClassImages[] {
  return names !== undefined && labelMap === undefined
    ? classes.filter(({ className }) => names.includes(className))
    : classes.filter(({ className }) => release !== 'first' || className !== 'Lung_Opacity');
}

function takeFirstRelease(entry: ClassImages): ClassImages {
  const count = FIRST_RELEASE.counts[entry.className] ?? entry.images.length;
  return { ...entry, images: entry.images.slice(0, count) };
}

function compareCounts(
  title: string,
  classes: readonly ClassImages[],
  { counts }: Release,
): string {
  return publishedCounts({
    what: `${title} (${classes.map(({ className }) => className).join(' / ')})`,
    found: classes.map(({ images }) => images.length),
    published: classes.map(({ className }) => counts[className] ?? 0),
  });
}

function describeFirstRelease(selected: readonly ClassImages[], isFirst: boolean): string {
  const counts = compareCounts('First release from these files', selected, FIRST_RELEASE);
  return isFirst
    ? counts
    : `${counts} The first images of each class by number; whether the COVID-19 ones are the same 219 is unknown.`;
}

function describeLeftOut(classes: readonly ClassImages[], used: readonly ClassImages[]): string[] {
  const unused = classes.filter((entry) => !used.includes(entry));
  const outside = classes.flatMap((entry) => entry.outside);
  const notes: string[] = [];
  if (unused.length > 0)
    notes.push(`Left out: ${unused.map(({ className }) => className).join(', ')}.`);
  if (classes.some(({ hasMasks }) => hasMasks))
    notes.push('Mask folders are not read: they show lungs, not lesions.');
  if (outside.length > 0) notes.push(`Images outside images/ are ignored: ${shortList(outside)}.`);
  return notes;
}
