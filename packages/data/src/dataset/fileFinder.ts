import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { imageKind } from './imageKind.js';

/** Finds the files that a manifest names. */
export interface FileFinder {
  /** Absolute path; undefined when there is none; several when a name without an ending fits several. */
  find(name: string): Promise<string | readonly string[] | undefined>;
}

/**
 * A finder below a root folder. Backslashes count as slashes; a name without an image's ending ("10_left") fits the
 * image of that name ("10_left.jpeg"). Each folder is listed once.
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
      const fitting = (byStem.get(base) ?? []).map((entry) => join(folder, entry));
      return fitting.length > 1 ? fitting : fitting[0];
    },
  };
}

/** Names in a folder, and its images by their names without ending. */
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
