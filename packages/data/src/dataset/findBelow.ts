import { extname, resolve } from 'node:path';
import { countOf } from '../noteText.js';
import type { FileFinder } from './fileFinder.js';
import { findImages, imageKind } from './findImages.js';
import { groupBy } from './groupBy.js';

/**
 * Extends a finder: a bare file name, without folders, that is not in the root folder is looked for in all folders below
 * it. A manifest of a large data set often has bare names, although its images are spread over several folders. The
 * folders are listed once, when the first name needs them.
 */
export function findBelow(finder: FileFinder, root: string): FileFinder {
  let index: Promise<(name: string) => readonly string[]> | undefined;
  let found = 0;
  return {
    async find(name) {
      const near = await finder.find(name);
      if (near !== undefined || name === '' || /[/\\]/.test(name)) return near;
      index ??= indexNames(root);
      const matches = (await index)(name);
      if (matches.length === 1) found++;
      return matches.length > 1 ? matches : matches[0];
    },
    notes: () => [
      ...finder.notes(),
      ...(found === 0
        ? []
        : [
            `${countOf(found, 'image')} of the manifest ${found === 1 ? 'was' : 'were'} found by name in the folders below ${root}.`,
          ]),
    ],
  };
}

async function indexNames(root: string): Promise<(name: string) => readonly string[]> {
  const { images, unsupported } = await findImages(root);
  const paths = [...images, ...unsupported].filter((path) => path.includes('/'));
  const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const byBase = groupBy(paths, baseOf);
  const byStem = groupBy(paths, (path) => baseOf(path).slice(0, -extname(path).length));
  return (name) =>
    (byBase.get(name) ?? (imageKind(name) === 'other' ? byStem.get(name) : undefined) ?? []).map(
      (path) => resolve(root, path),
    );
}
