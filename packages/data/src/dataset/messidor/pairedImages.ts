import type { ListedImage } from '../datasetListing.js';

/** An image and what tables call it. */
export type KeyedImage = ListedImage & { readonly key: string };

/** The images of each pair of keys that are there: two, one, or none, which is left out. */
export function pairedImages(
  images: readonly KeyedImage[],
  pairs: readonly (readonly [string, string])[],
): KeyedImage[][] {
  const byKey = new Map(images.map((image) => [image.key, image]));
  return pairs
    .map((pair) => pair.flatMap((key) => byKey.get(key) ?? []))
    .filter((set) => set.length > 0);
}
