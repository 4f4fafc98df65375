import { basename, join, resolve } from 'node:path';
import { InputError, type Issue } from '@nonlocal-med/core';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing, ListedImage } from '../datasetListing.js';
import { findImages } from '../findImages.js';
import { naturalCompare } from '../naturalCompare.js';
import { publishedCounts } from '../publishedCounts.js';
import { shortList } from '../shortList.js';
import { type CovidClass, covidClasses } from './covidClasses.js';
import { covidReleases } from './covidReleases.js';
import { type CovidFolders, findCovidFolders } from './findCovidFolders.js';

/** The images of a class in natural order, and whether they lie in a folder of their own beside masks. */
interface ClassImages {
  readonly of: CovidClass;
  readonly images: readonly string[];
  /** Images beside the folder images/, which are left alone. */
  readonly beside: readonly string[];
  readonly inImages: boolean;
  readonly hasMasks: boolean;
}

/**
 * Reads the COVID-19 Radiography Database in any of its releases: class folders under their various names, their images
 * in images/ where there is one. The masks beside them show lungs, not lesions, and are not read.
 */
export async function readCovidRadiography(
  folder: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const found = await findCovidFolders(folder);
  if (found === undefined)
    throw new InputError({
      path: folder,
      message: 'holds no class folders of the COVID-19 Radiography Database',
      hint: 'COVID-19 or COVID, NORMAL, Viral Pneumonia (and Lung_Opacity), here or up to two folders below',
    });
  const classes = await Promise.all(
    covidClasses.filter((name) => found.folders.has(name)).map((name) => readClass(found, name)),
  );
  const release = releaseOf(found, classes);
  const wanted = chooseClasses(classes, options);
  const chosen =
    options.release === 'first'
      ? wanted.map(takeFirstRelease)
      : wanted.map(({ of, images }) => ({ of, images }));
  return {
    name: basename(resolve(found.root)),
    labels: wanted.map(({ of }) => of),
    labelOrder: covidClasses,
    images: chosen.flatMap(({ of, images }) =>
      images.map((path): ListedImage => {
        const file = join(found.root, path);
        return { id: path, file: resolve(file), label: of, where: file };
      }),
    ),
    issues: found.repeated.map((name): Issue => ({
      path: join(found.root, name),
      message: 'a second folder of its class',
      hint: 'one folder a class',
    })),
    notes: [
      publishedCounts({
        what: `${release.name[0].toUpperCase()}${release.name.slice(1)} (${classes.map(({ of }) => of).join(' / ')})`,
        found: classes.map(({ images }) => images.length),
        published: classes.map(({ of }) => release.counts[of] ?? 0),
      }),
      ...(options.release === 'first'
        ? [describeEmulation(chosen, release === covidReleases.first)]
        : []),
      ...describeLeftOut(classes, wanted),
    ],
  };
}

async function readClass({ root, folders }: CovidFolders, of: CovidClass): Promise<ClassImages> {
  const folder = folders.get(of)!;
  const { images, foreign, maskFolders } = await findImages(join(root, folder));
  const all = [...images, ...foreign];
  const inner = all.filter((path) => /^images\//i.test(path));
  const used = inner.length > 0 ? inner : all;
  return {
    of,
    images: used.map((path) => `${folder}/${path}`).sort(naturalCompare),
    beside:
      inner.length > 0
        ? all.filter((path) => !inner.includes(path)).map((path) => `${folder}/${path}`)
        : [],
    inImages: inner.length > 0,
    hasMasks: maskFolders.length > 0,
  };
}

/** By its folders first; COVID-1.png for COVID (1).png marks a later release whose images are still in the class folders. */
function releaseOf(
  { folders }: CovidFolders,
  classes: readonly ClassImages[],
): (typeof covidReleases)[keyof typeof covidReleases] {
  const hyphened = classes
    .flatMap(({ images }) => images)
    .filter((path) => /-\d+\.\w+$/.test(path)).length;
  const numbered = classes
    .flatMap(({ images }) => images)
    .filter((path) => /\(\d+\)\.\w+$/.test(path)).length;
  if (
    folders.has('Lung_Opacity') ||
    classes.some(({ inImages }) => inImages) ||
    hyphened > numbered
  )
    return covidReleases.later;
  return /19/.test(folders.get('COVID-19')!) ? covidReleases.first : covidReleases.update;
}

/** The option `classes` chooses among the folders; the first release had no Lung_Opacity. */
function chooseClasses(
  classes: readonly ClassImages[],
  { classes: names, release, labelMap }: ResolvedDataOptions,
): ClassImages[] {
  if (names !== undefined && labelMap === undefined)
    return classes.filter(({ of }) => names.includes(of));
  return classes.filter(({ of }) => release !== 'first' || of !== 'Lung_Opacity');
}

function takeFirstRelease({ of, images }: ClassImages): Pick<ClassImages, 'of' | 'images'> {
  return { of, images: images.slice(0, covidReleases.first.counts[of] ?? images.length) };
}

function describeEmulation(
  chosen: readonly Pick<ClassImages, 'of' | 'images'>[],
  isFirst: boolean,
): string {
  const counts = publishedCounts({
    what: `First release from these files (${chosen.map(({ of }) => of).join(' / ')})`,
    found: chosen.map(({ images }) => images.length),
    published: chosen.map(({ of }) => covidReleases.first.counts[of] ?? 0),
  });
  return isFirst
    ? counts
    : `${counts} The first of each class by number; whether the COVID-19 ones are the same 219 is not known.`;
}

function describeLeftOut(
  classes: readonly ClassImages[],
  wanted: readonly ClassImages[],
): string[] {
  const left = classes.filter((entry) => !wanted.includes(entry)).map(({ of }) => of);
  const beside = classes.flatMap((entry) => entry.beside);
  return [
    ...(left.length > 0 ? [`Left out: ${left.join(', ')}.`] : []),
    ...(classes.some(({ hasMasks }) => hasMasks)
      ? ['Folders of masks are not read: they show lungs, not lesions.']
      : []),
    ...(beside.length > 0 ? [`Images beside images/ are left alone: ${shortList(beside)}.`] : []),
  ];
}
