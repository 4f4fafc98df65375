import { dirname, join, relative, resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { createFileFinder } from './fileFinder.js';
import { isFolder } from './listFolder.js';

/** Folders next to a manifest that public data sets keep their images in (Kaggle nests some folders twice). */
const IMAGE_FOLDERS = ['images', 'train_images', 'train', 'resized_train', 'resized_train_cropped'];

/**
 * The folder that a manifest's file names are relative to: the option `images`, else the one below which most of them
 * exist among the manifest's folder and the usual ones next to it.
 *
 * @param options `images`, relative to the manifest; `names`, the manifest's file names
 * @throws InputError if the option names a folder that does not exist
 */
export async function findImageRoot(
  manifest: string,
  { images, names }: { readonly images?: string; readonly names: readonly string[] },
): Promise<{ readonly root: string; readonly note?: string }> {
  const folder = dirname(resolve(manifest));
  if (images !== undefined) {
    const root = resolve(folder, images);
    if (await isFolder(root)) return { root };
    throw new InputError({
      path: 'data.images',
      message: `no such folder: "${images}"`,
      hint: `relative to ${folder}`,
    });
  }
  const exact = await mostFiles(folder, names, { exact: true });
  const best = exact.count > 0 ? exact : await mostFiles(folder, names, { exact: false });
  return best.root === folder
    ? { root: folder }
    : {
        root: best.root,
        note: `The manifest's images are in the folder ${relative(folder, best.root)}/ next to it.`,
      };
}

/** The first of the usual folders below which most of the names are found. */
async function mostFiles(
  folder: string,
  names: readonly string[],
  options: { readonly exact: boolean },
): Promise<{ readonly root: string; readonly count: number }> {
  let best = { root: folder, count: -1 };
  for (const name of ['', ...IMAGE_FOLDERS.flatMap((entry) => [entry, join(entry, entry)])]) {
    const root = join(folder, name);
    if (!(await isFolder(root))) continue;
    const finder = createFileFinder(root, options);
    const found = await Promise.all(names.map((file) => finder.find(file)));
    const count = found.filter((file) => file !== undefined).length;
    if (count > best.count) best = { root, count };
  }
  return best;
}
