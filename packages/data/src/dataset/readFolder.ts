import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Issue } from '@nonlocal-med/core';
import type { DatasetListing, ListedImage } from './datasetListing.js';
import { findImages, type FoundImages } from './findImages.js';
import { listNames } from './listNames.js';
import { naturalCompare } from './naturalCompare.js';

const SIDES = /^(train|training|val|valid|validation|test|testing)$/i;

/** Reads a folder with one folder a class; images may lie deeper in it. Folders called mask or masks are passed over. */
export async function readFolder(folder: string): Promise<DatasetListing> {
  const labels: string[] = [];
  for (const name of await listNames(folder))
    if ((await stat(join(folder, name)).catch(() => null))?.isDirectory()) labels.push(name);
  const found = await Promise.all(labels.map((label) => findImages(join(folder, label))));
  return {
    name: basename(resolve(folder)),
    labels,
    images: labels.flatMap((label, index) => listClass(folder, label, found[index])),
    issues: findIssues(folder, labels),
    notes: [...describeDeeper(labels, found), ...describeOthers(labels, found)],
  };
}

function listClass(folder: string, label: string, { images, foreign }: FoundImages): ListedImage[] {
  return [...images, ...foreign].sort(naturalCompare).map((path) => {
    const file = join(folder, label, path);
    return { id: `${label}/${path}`, file: resolve(file), label, where: file };
  });
}

function findIssues(folder: string, labels: readonly string[]): Issue[] {
  if (labels.length > 0 && labels.every((label) => SIDES.test(label))) {
    return [
      {
        path: folder,
        message: `its folders are ${labels.map((label) => `"${label}"`).join(', ')}: sides of a split, not classes`,
        hint: 'name one of them as the data set, or put their class folders together',
      },
    ];
  }
  return [];
}

/** Folders within class folders may be patients, or the sign that the path lies one level too high. */
function describeDeeper(labels: readonly string[], found: readonly FoundImages[]): string[] {
  const folders = new Set(
    found.flatMap(({ images }, index) =>
      images
        .filter((path) => path.includes('/'))
        .map((path) => `${labels[index]}/${dirname(path)}`),
    ),
  );
  return folders.size === 0
    ? []
    : [
        `The first folders are the classes; images also lie in folders within them: ${shorten([...folders])}.`,
      ];
}

function describeOthers(labels: readonly string[], found: readonly FoundImages[]): string[] {
  const pathsOf = (kind: 'others' | 'maskFolders'): string[] =>
    found.flatMap((entry, index) => entry[kind].map((path) => `${labels[index]}/${path}`));
  const [others, masks] = [pathsOf('others'), pathsOf('maskFolders')];
  return [
    ...(others.length > 0
      ? [
          `${others.length} ${others.length === 1 ? 'file is no image' : 'files are no images'} and left alone: ${shorten(others)}.`,
        ]
      : []),
    ...(masks.length > 0 ? [`Folders of masks are not read as images: ${shorten(masks)}.`] : []),
  ];
}

const shorten = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')}, ...`;
