import { dirname, sep } from 'node:path';

/**
 * The deepest folder that all of the given folders are in; one of them, if all others are in it.
 * @param folders absolute paths, at least one
 */
export function commonFolder([first, ...others]: readonly string[]): string {
  const contains = (folder: string, other: string): boolean =>
    other === folder || other.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  let folder = first;
  while (!others.every((other) => contains(folder, other))) folder = dirname(folder);
  return folder;
}
