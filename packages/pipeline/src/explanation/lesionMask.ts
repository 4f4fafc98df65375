import { readdir } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { InputError, type Pixels, type Sample } from '@nonlocal-med/core';
import { decodeImage } from '@nonlocal-med/data';

/** The lesion mask of a sample: in memory, a file, or none. */
export type MaskOf = (sample: Sample) => Pixels | string | undefined;

const EXTENSIONS = /\.(png|tiff?|jpe?g|webp)$/i;
const MASK_FOLDER = /^masks?$/i;
const PASSED_OVER = /^(images?|masks?)$/i;

/**
 * Where lesion masks come from: the data set's own, or files in a folder that lies beside or in it. A file belongs to the
 * image with the same path (folders called image(s) and mask(s) do not count) or, where no path fits, with the same name;
 * an ending `_mask` does not count. Where the folder has folders called mask(s), only files in those are masks.
 * @throws InputError when the folder cannot be read or holds no mask.
 */
export async function maskFinder(folder?: string): Promise<MaskOf> {
  if (folder === undefined) return ({ mask }) => mask;
  const files = await maskFiles(folder);
  const byKey = new Map(files.map((file) => [keyOf(file), join(folder, file)]));
  const byName = new Map<string, string | null>();
  for (const file of files) {
    const name = nameOf(file);
    byName.set(name, byName.has(name) ? null : join(folder, file)); // null: several files have this name
  }
  return ({ id, mask }) => byKey.get(keyOf(id)) ?? byName.get(nameOf(id)) ?? mask;
}

async function maskFiles(folder: string): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(folder, { recursive: true });
  } catch (error) {
    throw new InputError(
      {
        path: folder,
        message: `the folder of the masks cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      },
      { cause: error },
    );
  }
  const images = entries
    .map((entry) => entry.replaceAll(sep, '/'))
    .filter((entry) => EXTENSIONS.test(entry))
    .sort();
  const inMaskFolders = images.filter((file) =>
    file
      .split('/')
      .slice(0, -1)
      .some((part) => MASK_FOLDER.test(part)),
  );
  const found = inMaskFolders.length > 0 ? inMaskFolders : images;
  if (found.length === 0)
    throw new InputError({
      path: folder,
      message: 'holds no lesion mask',
      hint: 'PNG, TIFF, JPEG or WebP files named after their images',
    });
  return found;
}

const nameOf = (path: string): string => basename(path, extname(path)).replace(/_mask$/i, '');

function keyOf(path: string): string {
  const folders = path
    .split('/')
    .slice(0, -1)
    .filter((part) => !PASSED_OVER.test(part));
  return [...folders, nameOf(path)].join('/');
}

/** A JPEG's edges ring: what is darker than this is no lesion. */
const LESION_LEVEL = 128;

/**
 * The lesion mask of a sample, 1 inside lesions; undefined where it has none. A mask in a lossy file is cut at half its
 * range, one in a PNG of classes 0, 1, 2, ... at 1.
 * @throws InputError when the file cannot be read.
 */
export async function loadMask(sample: Sample, maskOf: MaskOf): Promise<Pixels | undefined> {
  const mask = maskOf(sample);
  if (mask === undefined || typeof mask !== 'string') return mask;
  let pixels: Pixels;
  try {
    pixels = await decodeImage(mask, { color: 'grey' });
  } catch (error) {
    if (error instanceof InputError)
      throw new InputError(
        { ...error.issues[0], path: `mask of "${sample.id}": ${error.issues[0].path}` },
        { cause: error },
      );
    throw error;
  }
  const threshold = /\.(jpe?g|webp)$/i.test(mask) ? LESION_LEVEL : 1;
  return { ...pixels, data: pixels.data.map((value) => (value >= threshold ? 1 : 0)) };
}

/**
 * A lesion mask at another size: 0 or 1, [height * width]. An axis that shrinks keeps every lesion pixel (its place is the
 * new pixel that its centre falls in), so that a lesion of one pixel does not vanish; one that grows takes the nearest.
 */
export function resizeMask(
  mask: Pixels,
  [height, width]: readonly [height: number, width: number],
): Uint8Array {
  const rows = sources(mask.height, height);
  const columns = sources(mask.width, width);
  const result = new Uint8Array(height * width);
  const { data, channels } = mask;
  const isLesion = (row: number, column: number): boolean => {
    const at = (row * mask.width + column) * channels;
    return data[at] > 0 || (channels === 3 && (data[at + 1] > 0 || data[at + 2] > 0));
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      result[y * width + x] = rows[y].some((row) =>
        columns[x].some((column) => isLesion(row, column)),
      )
        ? 1
        : 0;
  }
  return result;
}

/** The old places that each new place of an axis stands for. */
function sources(from: number, to: number): number[][] {
  if (to >= from)
    return Array.from({ length: to }, (_, place) => [Math.floor(((place + 0.5) * from) / to)]);
  const places: number[][] = Array.from({ length: to }, () => []);
  for (let old = 0; old < from; old++) places[Math.floor(((old + 0.5) * to) / from)].push(old);
  return places;
}
