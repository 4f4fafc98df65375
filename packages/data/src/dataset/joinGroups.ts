import { naturalCompare } from './naturalCompare.js';

/**
 * Gives the images of each set one group. A group that an image had is joined whole with the others of its set; the
 * first name in natural order stands for all, an image without a group gives its id.
 */
export function joinGroups<I extends { readonly id: string; readonly group?: string }>(
  images: readonly I[],
  sets: readonly (readonly I[])[],
): I[] {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    let root = key;
    while (parent.has(root)) root = parent.get(root)!;
    return root;
  };
  const keyOf = ({ group, id }: I): string =>
    group === undefined ? `image ${id}` : `group ${group}`;
  for (const set of sets) {
    for (const image of set.slice(1)) {
      const [a, b] = [find(keyOf(set[0])), find(keyOf(image))].sort(naturalCompare);
      if (a !== b) parent.set(b, a);
    }
  }
  const joined = new Set(sets.flat().map((image) => find(keyOf(image))));
  return images.map((image) => {
    const root = find(keyOf(image));
    if (!joined.has(root) || (root === keyOf(image) && image.group !== undefined)) return image;
    return { ...image, group: root.replace(/^(group|image) /, '') };
  });
}
