import { basename, dirname, join, resolve } from 'node:path';
import { countOf, shortList } from '../noteText.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing, ListedImage } from './datasetListing.js';
import { findImages, type FoundImages, imageKind } from './findImages.js';
import { arrangeFolders, type ClassFolder } from './givenSplit/arrangeFolders.js';
import { findInnerSplit } from './givenSplit/findInnerSplit.js';
import { listFolder } from './listFolder.js';
import { findMaskClasses } from './maskFolders.js';
import { naturalCompare } from './naturalCompare.js';

/** A class folder and what is in it. */
interface ClassContent extends ClassFolder {
  readonly found: FoundImages;
}

/**
 * Reads a folder with one subfolder per class, or with folders train, val and test that have one each; images may be
 * nested deeper. Masks, images outside of class folders and other files are left out with a note.
 */
export async function readFolder(
  folder: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const { classFolders, parents, splitSource, leftOut, issues } = await arrangeFolders(
    folder,
    options,
  );
  const contents = await Promise.all(
    classFolders.map(async (entry): Promise<ClassContent> => ({
      ...entry,
      found: await findImages(join(folder, entry.path)),
    })),
  );
  const masks = maskClasses(contents, options.classes);
  const classes = contents.filter(({ label }) => !masks.has(label));
  const images = classes.flatMap((entry) => listClass(folder, entry));
  const inner =
    splitSource === undefined && issues.length === 0 ? findInnerSplit(images, options) : undefined;
  const nested =
    inner?.splitSource === undefined
      ? describeNested(classes)
      : { notes: [], folderPattern: undefined };
  return {
    name: basename(resolve(folder)),
    labels: [...new Set(classes.map(({ label }) => label))].sort(naturalCompare),
    images: inner?.images ?? images,
    splitSource: splitSource ?? inner?.splitSource,
    issues: [...issues, ...(inner?.issues ?? [])],
    folderPattern: nested.folderPattern,
    notes: [
      ...(await describeLeftOut(folder, leftOut, parents)),
      ...(await describeLoose(folder, parents)),
      ...nested.notes,
      ...describeOthers(classes),
      ...describeMasks(contents, masks),
    ],
  };
}

function listClass(folder: string, { path, label, split, found }: ClassContent): ListedImage[] {
  return [...found.images, ...found.unsupported].sort(naturalCompare).map((inside) => {
    const file = join(folder, path, inside);
    return { id: `${path}/${inside}`, file: resolve(file), label, split, issuePath: file };
  });
}

/** Labels of folders that hold masks. */
function maskClasses(
  contents: readonly ClassContent[],
  declared: readonly string[] = [],
): ReadonlySet<string> {
  const images = new Map<string, string[]>();
  for (const { label, found } of contents)
    images.set(label, [...(images.get(label) ?? []), ...found.images]);
  return new Set([...findMaskClasses(images)].filter((label) => !declared.includes(label)));
}

/** Folders with images beside those of a split. */
async function describeLeftOut(
  folder: string,
  names: readonly string[],
  parents: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(names.map((name) => findImages(join(folder, name))));
  const withImages = names.flatMap((name, index) => {
    const count = found[index].images.length;
    return count === 0 ? [] : [`${name} (${countOf(count, 'image')})`];
  });
  if (withImages.length === 0) return [];
  return [
    `Left out, because the folders ${parents.filter((name) => name !== '').join(', ')} give the split and ${withImages.length === 1 ? 'this folder is' : 'these folders are'} beside them: ${shortList(withImages, 10)}.`,
  ];
}

/** Images that are not in a class folder. */
async function describeLoose(folder: string, parents: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    parents.map(async (parent) =>
      (await listFolder(join(folder, parent)))
        .filter((name) => imageKind(name) !== 'other')
        .map((name) => (parent === '' ? name : `${parent}/${name}`)),
    ),
  );
  const loose = lists.flat();
  if (loose.length === 0) return [];
  return [
    `${countOf(loose.length, 'image')} outside of the class folders ${loose.length === 1 ? 'is' : 'are'} left out, because ${loose.length === 1 ? 'its class is' : 'their classes are'} not known: ${shortList(loose)}.`,
  ];
}

/** Folders within class folders may be patients, or a sign that the path is one level too high. */
function describeNested(
  classes: readonly ClassContent[],
): Pick<DatasetListing, 'folderPattern'> & { readonly notes: readonly string[] } {
  const folders = new Set(
    classes.flatMap(({ path, found }) =>
      found.images
        .filter((inside) => inside.includes('/'))
        .map((inside) => `${path}/${dirname(inside)}`),
    ),
  );
  if (folders.size === 0) return { notes: [] };
  const level = classes[0].path.split('/').length;
  const where =
    level === 1
      ? 'The top-level folders are the classes; '
      : 'The folders in those of the split are the classes; ';
  return {
    notes: [`${where}there are also images in folders within them: ${shortList([...folders])}.`],
    folderPattern: `^${'[^/]+/'.repeat(level)}([^/]+)/`,
  };
}

function describeOthers(classes: readonly ClassContent[]): string[] {
  const others = classes.flatMap(({ path, found }) =>
    found.others.map((inside) => `${path}/${inside}`),
  );
  if (others.length === 0) return [];
  return [
    `${others.length} ${others.length === 1 ? 'file is not an image and is' : 'files are not images and are'} ignored: ${shortList(others)}.`,
  ];
}

function describeMasks(contents: readonly ClassContent[], masks: ReadonlySet<string>): string[] {
  const pathsOf = (kind: 'maskFolders' | 'maskFiles'): string[] =>
    contents
      .filter(({ label }) => !masks.has(label))
      .flatMap(({ path, found }) => found[kind].map((inside) => `${path}/${inside}`));
  const folders = [
    ...contents.filter(({ label }) => masks.has(label)).map(({ path }) => path),
    ...pathsOf('maskFolders'),
  ];
  const files = pathsOf('maskFiles');
  return [
    ...(folders.length > 0 ? [`Mask folders are not read as images: ${shortList(folders)}.`] : []),
    ...(files.length > 0
      ? [
          `${countOf(files.length, 'mask')} beside ${files.length === 1 ? 'its image is' : 'their images are'} not read as ${files.length === 1 ? 'an image' : 'images'}: ${shortList(files)}.`,
        ]
      : []),
  ];
}
