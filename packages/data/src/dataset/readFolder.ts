import { basename, dirname, join, resolve } from 'node:path';
import type { Issue } from '@nonlocal-med/core';
import { shortList } from '../noteText.js';
import type { DatasetListing, ListedImage } from './datasetListing.js';
import { findImages, type FoundImages } from './findImages.js';
import { listFolder, selectFolders } from './listFolder.js';
import { naturalCompare } from './naturalCompare.js';

const SPLIT_FOLDER = /^(train|training|val|valid|validation|test|testing)$/i;

/** Reads a folder with one subfolder per class; images may be nested deeper. Folders named mask or masks are skipped. */
export async function readFolder(folder: string): Promise<DatasetListing> {
  const labels = await selectFolders(folder, await listFolder(folder));
  const found = await Promise.all(labels.map((label) => findImages(join(folder, label))));
  return {
    name: basename(resolve(folder)),
    labels,
    images: labels.flatMap((label, index) => listClass(folder, label, found[index])),
    issues: findSplitFolders(folder, labels),
    notes: [...describeNested(labels, found), ...describeOthers(labels, found)],
  };
}

function listClass(
  folder: string,
  label: string,
  { images, unsupported }: FoundImages,
): ListedImage[] {
  return [...images, ...unsupported].sort(naturalCompare).map((path) => {
    const file = join(folder, label, path);
    return { id: `${label}/${path}`, file: resolve(file), label, issuePath: file };
  });
}

function findSplitFolders(folder: string, labels: readonly string[]): Issue[] {
  if (labels.length === 0 || !labels.every((label) => SPLIT_FOLDER.test(label))) return [];
  return [
    {
      path: folder,
      message: `its folders are ${labels.map((label) => `"${label}"`).join(', ')}: parts of a split, not classes`,
      hint: 'use one of them as the data set, or merge their class folders',
    },
  ];
}

/** Folders within class folders may be patients, or a sign that the path is one level too high. */
function describeNested(labels: readonly string[], found: readonly FoundImages[]): string[] {
  const folders = new Set(
    found.flatMap(({ images }, index) =>
      images
        .filter((path) => path.includes('/'))
        .map((path) => `${labels[index]}/${dirname(path)}`),
    ),
  );
  if (folders.size === 0) return [];
  return [
    `The top-level folders are the classes; there are also images in folders within them: ${shortList([...folders])}.`,
  ];
}

function describeOthers(labels: readonly string[], found: readonly FoundImages[]): string[] {
  const pathsOf = (kind: 'others' | 'maskFolders'): string[] =>
    found.flatMap((entry, index) => entry[kind].map((path) => `${labels[index]}/${path}`));
  const [others, masks] = [pathsOf('others'), pathsOf('maskFolders')];
  const notes: string[] = [];
  if (others.length > 0)
    notes.push(
      `${others.length} ${others.length === 1 ? 'file is not an image and is' : 'files are not images and are'} ignored: ${shortList(others)}.`,
    );
  if (masks.length > 0) notes.push(`Mask folders are not read as images: ${shortList(masks)}.`);
  return notes;
}
