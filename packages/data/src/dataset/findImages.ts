import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { imageKind } from './imageKind.js';
import { listNames } from './listNames.js';

/** What a folder and the folders in it hold; paths are relative to it, with forward slashes, in natural order. */
export interface FoundImages {
  readonly images: readonly string[];
  /** Images of a kind that is not read. */
  readonly foreign: readonly string[];
  /** Files that are no images. */
  readonly others: readonly string[];
  /** Folders of masks, which are no images to learn from. */
  readonly maskFolders: readonly string[];
}

/** Walks through a folder. Links are followed, but not in circles; hidden files are passed over; a dead link counts as what its name says. */
export async function findImages(folder: string): Promise<FoundImages> {
  const found = {
    images: [] as string[],
    foreign: [] as string[],
    others: [] as string[],
    maskFolders: [] as string[],
  };
  const walk = async (inside: string, above: readonly string[]): Promise<void> => {
    const here = await realpath(join(folder, inside));
    if (above.includes(here)) return;
    for (const name of await listNames(here)) {
      const path = inside === '' ? name : `${inside}/${name}`;
      const isFolder = await stat(join(here, name)).then(
        (entry) => entry.isDirectory(),
        () => false,
      );
      if (!isFolder) listOf(found, name).push(path);
      else if (/^masks?$/i.test(name)) found.maskFolders.push(path);
      else await walk(path, [...above, here]);
    }
  };
  await walk('', []);
  return found;
}

const listOf = (
  found: { images: string[]; foreign: string[]; others: string[] },
  name: string,
): string[] =>
  ({ image: found.images, foreign: found.foreign, other: found.others })[imageKind(name)];
