import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
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
  const listings = new Map<string, Promise<ReadonlySet<string>>>();
  const list = (folder: string): Promise<ReadonlySet<string>> => {
    const known = listings.get(folder) ?? readdir(folder).then((names) => new Set(names), () => new Set<string>());
    listings.set(folder, known);
    return known;
  };
  return {
    async find(name) {
      const path = toPath(root, name);
      const [folder, base] = [dirname(path), basename(path)];
      const names = await list(folder);
      if (names.has(base)) return path;
      if (imageKind(base) !== 'other') return undefined;
      const fitting = [...names].filter((entry) => entry.startsWith(`${base}.`) && !entry.slice(base.length + 1).includes('.') && imageKind(entry) === 'image').map((entry) => join(folder, entry));
      return fitting.length > 1 ? fitting : fitting[0];
    },
  };
}

function toPath(root: string, name: string): string {
  const path = name.replaceAll('\\', '/');
  return isAbsolute(path) ? path : resolve(root, path);
}
