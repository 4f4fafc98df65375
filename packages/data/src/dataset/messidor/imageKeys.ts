import { InputError, type Issue } from '@nonlocal-med/core';
import { readTable } from '../../table/readTable.js';
import type { ListedImage } from '../datasetListing.js';

/** The name by which tables and folders refer to an image: without folders, extension and case (20051020_43808_0100_pp). */
export function imageKey(name: string): string {
  const base = name.trim().replaceAll('\\', '/').split('/').at(-1)!;
  return base.replace(/\.(tiff?|png|jpe?g|webp|bmp)$/i, '').toLowerCase();
}

/** An image and its key. */
export type KeyedImage = ListedImage & { readonly key: string };

/**
 * Image paths by key. The same image in two folders is an issue, since tables name images without their folders.
 */
export function indexByKey(paths: readonly string[]): {
  readonly byKey: ReadonlyMap<string, string>;
  readonly issues: readonly Issue[];
} {
  const byKey = new Map<string, string>();
  const issues: Issue[] = [];
  for (const path of paths) {
    const key = imageKey(path);
    const earlier = byKey.get(key);
    if (earlier === undefined) byKey.set(key, path);
    else
      issues.push({
        path,
        message: `has the same name as ${earlier}`,
        hint: 'remove one of them from the folder',
      });
  }
  return { byKey, issues };
}

/** The images that are present of each pair of keys: two or one; pairs with none are left out. */
export function pairedImages(
  images: readonly KeyedImage[],
  pairs: readonly (readonly [string, string])[],
): KeyedImage[][] {
  const byKey = new Map(images.map((image) => [image.key, image]));
  return pairs
    .map((pair) => pair.flatMap((key) => byKey.get(key) ?? []))
    .filter((set) => set.length > 0);
}

/**
 * Reads a table of pairs, such as messidor-2.csv (`left;right`, separated by semicolons or commas, or .xls): the two
 * images of an examination in the first two columns, whatever the header calls them.
 *
 * @returns image keys
 * @throws InputError if it cannot be read or contains no pairs
 */
export async function readPairs(file: string): Promise<(readonly [string, string])[]> {
  const table = await readTable(file);
  const hasHeader = /^(left|right)/i.test(table[0]?.cells[0] ?? '');
  const pairs = table
    .slice(hasHeader ? 1 : 0)
    .flatMap(({ cells: [left, right] }) =>
      left && right ? [[imageKey(left), imageKey(right)] as const] : [],
    );
  if (pairs.length === 0)
    throw new InputError({
      path: file,
      message: 'contains no pairs of images',
      hint: 'a left and a right image per line',
    });
  return pairs;
}
