import { readFile } from 'node:fs/promises';
import { dataUri } from './dataUri.js';
import type { GalleryImage } from './galleryImage.js';
import { type ImageReducer, imageReducer } from './imageReducer.js';

/** A gallery image with its files as data URIs in place of paths; null for a file that is missing or no image. */
export interface EmbeddedImage {
  readonly image: GalleryImage;
  readonly picture: string;
  readonly mask: string | null;
  /** By model, then by map. */
  readonly maps: readonly (readonly (string | null)[])[];
}

/** What of a gallery fits on a page. */
export interface EmbeddedGallery {
  readonly images: readonly EmbeddedImage[];
  /** Images that were to be shown and had no room. */
  readonly leftOut: number;
  /** Files that are named by an index and missing, or are no images. */
  readonly unreadable: readonly string[];
}

/** Steps of shrinking: longest side of pictures and maps; the first takes files as they are. */
const STEPS = [null, { picture: 192, map: 48 }, { picture: 144, map: 32 }] as const;

/**
 * Reads the files of images, which come in the order of their importance, into at most `budget` characters. Where they
 * are too many, files are made smaller if `sharp` is installed, and then the last images are left out.
 */
export async function embedImages(
  images: readonly GalleryImage[],
  budget: number,
): Promise<EmbeddedGallery> {
  const files = await readFiles(images);
  const unreadable = [...files]
    .filter(([, bytes]) => bytes === null || dataUri(bytes) === null)
    .map(([file]) => file);
  const reducer = await imageReducer();
  let embedded: EmbeddedImage[] = [];
  for (const step of reducer === null ? STEPS.slice(0, 1) : STEPS) {
    embedded = [];
    let used = 0;
    for (const image of images) {
      const one = await embedImage(image, { files, step, reducer });
      if (one === null) continue;
      used += sizeOf(one);
      if (used > budget) break;
      embedded.push(one);
    }
    if (used <= budget) break;
  }
  const readable = images.filter(({ picture }) => !unreadable.includes(picture)).length;
  return { images: embedded, leftOut: readable - embedded.length, unreadable };
}

async function readFiles(images: readonly GalleryImage[]): Promise<Map<string, Uint8Array | null>> {
  const paths = new Set(
    images.flatMap(({ picture, mask, entries }) => [
      picture,
      ...(mask === undefined ? [] : [mask]),
      ...entries.flatMap((entry) => entry?.maps.map(({ file }) => file) ?? []),
    ]),
  );
  const files = new Map<string, Uint8Array | null>();
  for (const path of paths) files.set(path, await readFile(path).catch(() => null));
  return files;
}

interface Embedding {
  readonly files: ReadonlyMap<string, Uint8Array | null>;
  readonly step: (typeof STEPS)[number];
  readonly reducer: ImageReducer | null;
}

async function embedImage(
  image: GalleryImage,
  { files, step, reducer }: Embedding,
): Promise<EmbeddedImage | null> {
  const uri = async (file: string, kind: 'picture' | 'map'): Promise<string | null> => {
    const bytes = files.get(file) ?? null;
    if (bytes === null || dataUri(bytes) === null) return null;
    const smaller =
      step === null || reducer === null
        ? bytes
        : await reducer(bytes, step[kind]).catch(() => null);
    return smaller === null ? null : dataUri(smaller);
  };
  const picture = await uri(image.picture, 'picture');
  if (picture === null) return null;
  const maps: (string | null)[][] = [];
  for (const entry of image.entries)
    maps.push(await Promise.all((entry?.maps ?? []).map(({ file }) => uri(file, 'map'))));
  return {
    image,
    picture,
    mask: image.mask === undefined ? null : await uri(image.mask, 'picture'),
    maps,
  };
}

/** Characters of an image on the page, with what stands around it. */
function sizeOf({ picture, mask, maps }: EmbeddedImage): number {
  const around = 700 + 150 * maps.flat().length;
  return (
    around +
    picture.length +
    (mask?.length ?? 0) +
    maps.flat().reduce((sum, map) => sum + (map?.length ?? 0), 0)
  );
}
