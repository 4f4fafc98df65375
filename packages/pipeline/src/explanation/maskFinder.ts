import { readdir } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { InputError, type Pixels, type Sample } from '@nonlocal-med/core';

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
