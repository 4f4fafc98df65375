import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { imageKind } from './findImages.js';
import { isFolder } from './listFolder.js';

/** Finds the files that a manifest names. */
export interface FileFinder {
  /** The absolute path; undefined if there is none; several if a name without an extension matches several files. */
  find(name: string): Promise<string | readonly string[] | undefined>;
}

/**
 * A finder below a root folder. Backslashes count as slashes; a name without an image extension ("10_left") matches the
 * image of that name ("10_left.jpeg"). Each folder is listed only once.
 */
export function createFileFinder(root: string): FileFinder {
  const listings = new Map<string, Promise<Listing>>();
  const list = (folder: string): Promise<Listing> => {
    const known = listings.get(folder) ?? readdir(folder).then(toListing, () => toListing([]));
    listings.set(folder, known);
    return known;
  };
  return {
    async find(name) {
      const path = toPath(root, name);
      const [folder, base] = [dirname(path), basename(path)];
      const { names, byStem } = await list(folder);
      if (names.has(base)) return path;
      if (imageKind(base) !== 'other') return undefined;
      const matches = (byStem.get(base) ?? []).map((entry) => join(folder, entry));
      return matches.length > 1 ? matches : matches[0];
    },
  };
}

/** Names in a folder, and its images by their names without extension. */
interface Listing {
  readonly names: ReadonlySet<string>;
  readonly byStem: ReadonlyMap<string, readonly string[]>;
}

function toListing(names: readonly string[]): Listing {
  const byStem = new Map<string, string[]>();
  for (const name of names.filter((entry) => imageKind(entry) === 'image')) {
    const stem = name.slice(0, -extname(name).length);
    byStem.set(stem, [...(byStem.get(stem) ?? []), name]);
  }
  return { names: new Set(names), byStem };
}

function toPath(root: string, name: string): string {
  const path = name.replaceAll('\\', '/');
  return isAbsolute(path) ? path : resolve(root, path);
}

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
  let best = { root: folder, count: -1 };
  for (const name of ['', ...IMAGE_FOLDERS.flatMap((entry) => [entry, join(entry, entry)])]) {
    const root = join(folder, name);
    if (!(await isFolder(root))) continue;
    const finder = createFileFinder(root);
    const found = await Promise.all(names.map((file) => finder.find(file)));
    const count = found.filter((file) => file !== undefined).length;
    if (count > best.count) best = { root, count };
  }
  return best.root === folder
    ? best
    : {
        root: best.root,
        note: `The manifest's images are in the folder ${relative(folder, best.root)}/ next to it.`,
      };
}
