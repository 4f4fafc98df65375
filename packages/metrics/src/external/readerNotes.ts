import { count } from '@nonlocal-med/core';
import type { Reader } from './readers.js';

/** Readers of one file by its columns; of several files by the files, and by the columns where a file has several. */
export function namedReaders(
  parts: readonly { readonly path: string; readonly readers: readonly Reader[] }[],
): Reader[] {
  if (parts.length === 1) return [...parts[0].readers];
  return parts.flatMap(({ readers, path }) =>
    readers.map((reader) => ({
      ...reader,
      name: readers.length === 1 ? fileName(path) : `${fileName(path)}, ${reader.name}`,
    })),
  );
}

/** The name of a file without folders and extension. */
export const fileName = (path: string): string =>
  path.replace(/^.*[/\\]/, '').replace(/\.[a-z]+$/i, '');

/**
 * Sentences on the readers of a row and their majority vote.
 * @param options.images number of images that anybody decided on; cells: decisions per image
 */
export function describeReaders(
  readers: readonly Reader[],
  {
    ties,
    images,
    cells,
  }: { readonly ties: number; readonly images: number; readonly cells: number },
): string[] {
  const unread = readers.flatMap(({ name, decisions }) => {
    const read = new Set<number>();
    decisions.forEach((decision, i) => decision >= 0 && read.add(Math.floor(i / cells)));
    return read.size < images
      ? [`${name} decided on ${read.size} of ${count(images, 'image')}.`]
      : [];
  });
  const none = 'Only decisions are given, no probabilities: AUC and calibration are not defined.';
  if (readers.length === 1) return [none];
  const [what, options] =
    cells === 1 ? ['image', 'tied classes'] : ['finding of an image', 'two calls'];
  const several = cells === 1 ? count(ties, 'image') : `${ties} findings of images`;
  const tied = `${ties === 1 ? `1 ${what} is` : `${several} are`} tied, where the vote of the first reader among the ${options} counts`;
  return [
    `Majority vote of ${readers.length} readers (${readers.map(({ name }) => name).join(', ')})${ties === 0 ? ', without ties' : `; ${tied}`}.`,
    ...unread,
    none,
  ];
}
