import { basename, extname } from 'node:path';
import type { ListedImage } from './datasetListing.js';

const EYE = /^(.*\d)[_-](left|right)$/i;

/** The patient in names such as 10_left.jpeg, where every name is of that form and both eyes of someone are there; else undefined. */
export function pairEyes(
  images: readonly ListedImage[],
): { images: ListedImage[]; note: string } | undefined {
  const matches = images.map(({ file }) => EYE.exec(basename(file, extname(file))));
  const patients = new Set(matches.map((match) => match?.[1]));
  if (patients.has(undefined) || patients.size === images.length) return undefined;
  return {
    images: images.map((image, index) => ({ ...image, group: matches[index]![1] })),
    note: `File names are eyes of ${patients.size.toLocaleString('en')} patients, such as ${basename(images[0].file)}: both eyes stay on one side of a split (groupColumn or groupPattern says otherwise).`,
  };
}
