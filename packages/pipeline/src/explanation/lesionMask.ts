import { readdir } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { InputError, type Pixels, type Sample } from '@nonlocal-med/core';
import { decodeMask } from '@nonlocal-med/data';

/** The lesion mask of a sample: pixels in memory, the path of a file, or undefined. */
export type MaskOf = (sample: Sample) => Pixels | string | undefined;

const MASK_FILE = /\.(png|tiff?|jpe?g|webp)$/i;
const MASK_FOLDER = /^masks?$/i;
const IGNORED_FOLDER = /^(images?|masks?)$/i;

/**
 * Finds lesion masks: those of the data set, or files in a folder. A file is the mask of the image with the same path
 * (ignoring folders called image(s) or mask(s)) or, if no path matches, with the same name; a trailing `_mask` is
 * ignored. If the folder contains folders called mask(s), only files in these are masks.
 * @throws InputError if the folder cannot be read or contains no mask.
 */
export async function openMasks(folder?: string): Promise<MaskOf> {
  if (folder === undefined) return ({ mask }) => mask;
  const files = await listMasks(folder);
  const byPath = new Map(files.map((file) => [pathKey(file), join(folder, file)]));
  const byName = new Map<string, string | null>(); // null: the name is ambiguous
  for (const file of files) {
    const name = nameKey(file);
    byName.set(name, byName.has(name) ? null : join(folder, file));
  }
  return ({ id, mask }) => byPath.get(pathKey(id)) ?? byName.get(nameKey(id)) ?? mask;
}

async function listMasks(folder: string): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      { path: folder, message: `the folder of masks cannot be read: ${code}` },
      { cause: error },
    );
  }
  const images = entries
    .map((entry) => entry.replaceAll(sep, '/'))
    .filter((entry) => MASK_FILE.test(entry))
    .sort();
  const inMaskFolders = images.filter((file) =>
    foldersOf(file).some((name) => MASK_FOLDER.test(name)),
  );
  const found = inMaskFolders.length > 0 ? inMaskFolders : images;
  if (found.length === 0)
    throw new InputError({
      path: folder,
      message: 'contains no lesion mask',
      hint: 'PNG, TIFF, JPEG or WebP files named after their images',
    });
  return found;
}

const foldersOf = (path: string): string[] => path.split('/').slice(0, -1);
const nameKey = (path: string): string => basename(path, extname(path)).replace(/_mask$/i, '');
const pathKey = (path: string): string =>
  [...foldersOf(path).filter((name) => !IGNORED_FOLDER.test(name)), nameKey(path)].join('/');

/**
 * Loads the lesion mask of a sample: values 1 inside lesions and 0 elsewhere; undefined if it has none. A file's lesions
 * are its values other than 0, whatever its bit depth (`decodeMask`).
 * @throws InputError if the file cannot be read.
 */
export async function loadMask(sample: Sample, maskOf: MaskOf): Promise<Pixels | undefined> {
  const mask = maskOf(sample);
  if (typeof mask !== 'string') return mask;
  try {
    return await decodeMask(mask);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [issue] = error.issues;
    throw new InputError(
      { ...issue, path: `mask of "${sample.id}": ${issue.path}` },
      { cause: error },
    );
  }
}

/** Fraction of an image that is lesion, from its mask. */
export function lesionShare({ data }: Pixels): number {
  return data.reduce((count, value) => count + Number(value > 0), 0) / data.length;
}

/**
 * Resizes a lesion mask so that small lesions do not vanish. An axis that shrinks keeps every lesion pixel, in the new
 * pixel that its center falls into; an axis that grows takes the nearest pixel.
 * @returns 0 or 1, [height * width]
 */
export function resizeMask(
  { data, height, width, channels }: Pixels,
  [newHeight, newWidth]: readonly [height: number, width: number],
): Uint8Array {
  const rows = sourceIndices(height, newHeight);
  const columns = sourceIndices(width, newWidth);
  const isLesion = (row: number, column: number): boolean => {
    const start = (row * width + column) * channels;
    return data.subarray(start, start + channels).some((value) => value > 0);
  };
  const result = new Uint8Array(newHeight * newWidth);
  for (let y = 0; y < newHeight; y++)
    for (let x = 0; x < newWidth; x++)
      result[y * newWidth + x] = Number(
        rows[y].some((row) => columns[x].some((column) => isLesion(row, column))),
      );
  return result;
}

/** For each index of the new axis, the indices of the old axis that it represents. */
function sourceIndices(from: number, to: number): number[][] {
  if (to >= from)
    return Array.from({ length: to }, (_, index) => [Math.floor(((index + 0.5) * from) / to)]);
  const sources: number[][] = Array.from({ length: to }, () => []);
  for (let old = 0; old < from; old++) sources[Math.floor(((old + 0.5) * to) / from)].push(old);
  return sources;
}
