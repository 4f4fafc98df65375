import { readRegularFile } from '@nonlocal-med/core/node';
import type { GalleryImage } from './readGallery.js';

/** A gallery image with its files as data URIs; null for a file that is missing or not an image. */
export interface EmbeddedImage {
  readonly image: GalleryImage;
  readonly imageUri: string;
  readonly maskUri: string | null;
  /** By model, then by map. */
  readonly mapUris: readonly (readonly (string | null)[])[];
}

/** The images that fit on a page. */
export interface EmbeddedGallery {
  readonly images: readonly EmbeddedImage[];
  /** Number of images that did not fit. */
  readonly leftOut: number;
  /** Files that are listed in an index but are missing or not images. */
  readonly unreadable: readonly string[];
}

/** Attempts to fit the images, as longest sides of images and maps in pixels; the first embeds the files unchanged. */
const attempts = [null, { image: 192, map: 48 }, { image: 144, map: 32 }] as const;

/**
 * Embeds as many images as fit into `budget` characters, in the given order. If they do not all fit, files are reduced
 * in size (if `sharp` is installed), and then the last images are left out.
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
  for (const sizes of reducer === null ? attempts.slice(0, 1) : attempts) {
    embedded = [];
    let used = 0;
    for (const image of images) {
      const result = await embedImage(image, { files, sizes, reducer });
      if (result === null) continue;
      used += sizeOf(result);
      if (used > budget) break;
      embedded.push(result);
    }
    if (used <= budget) break;
  }
  const readable = images.filter(({ imageFile }) => !unreadable.includes(imageFile)).length;
  return { images: embedded, leftOut: readable - embedded.length, unreadable };
}

/**
 * Orders images so that a prefix represents them all: in turn from each combination of true class and outcome (all
 * models correct, all wrong, models disagree).
 */
export function interleaveOutcomes(images: readonly GalleryImage[]): GalleryImage[] {
  const groups = new Map<string, GalleryImage[]>();
  for (const image of images) {
    const outcomes = new Set(
      image.predictions.flatMap((prediction) =>
        prediction === null ? [] : [prediction.predicted === image.label],
      ),
    );
    const key = `${image.label} ${outcomes.size > 1 ? 'disagreement' : String([...outcomes][0])}`;
    groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  const queues = [...groups.values()];
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    queues.flatMap((queue) => queue.slice(turn, turn + 1)),
  ).flat();
}

async function readFiles(images: readonly GalleryImage[]): Promise<Map<string, Uint8Array | null>> {
  const paths = new Set(
    images.flatMap(({ imageFile, maskFile, predictions }) => [
      imageFile,
      ...(maskFile === undefined ? [] : [maskFile]),
      ...predictions.flatMap((prediction) => prediction?.maps.map(({ file }) => file) ?? []),
    ]),
  );
  const files = new Map<string, Uint8Array | null>();
  for (const path of paths) files.set(path, await readRegularFile(path).catch(() => null));
  return files;
}

interface Embedding {
  readonly files: ReadonlyMap<string, Uint8Array | null>;
  readonly sizes: (typeof attempts)[number];
  readonly reducer: ImageReducer | null;
}

async function embedImage(
  image: GalleryImage,
  { files, sizes, reducer }: Embedding,
): Promise<EmbeddedImage | null> {
  const uri = async (file: string, kind: 'image' | 'map'): Promise<string | null> => {
    const bytes = files.get(file) ?? null;
    if (bytes === null || dataUri(bytes) === null) return null;
    const reduced =
      sizes === null || reducer === null
        ? bytes
        : await reducer(bytes, sizes[kind]).catch(() => null);
    return reduced && dataUri(reduced);
  };
  const imageUri = await uri(image.imageFile, 'image');
  if (imageUri === null) return null;
  const mapUris: (string | null)[][] = [];
  for (const prediction of image.predictions)
    mapUris.push(await Promise.all((prediction?.maps ?? []).map(({ file }) => uri(file, 'map'))));
  return {
    image,
    imageUri,
    maskUri: image.maskFile === undefined ? null : await uri(image.maskFile, 'image'),
    mapUris,
  };
}

/** Characters that an image takes on the page, with the markup and data around it. */
function sizeOf({ imageUri, maskUri, mapUris }: EmbeddedImage): number {
  const maps = mapUris.flat();
  const uris = [imageUri, maskUri, ...maps];
  return 700 + 150 * maps.length + uris.reduce((sum, uri) => sum + (uri?.length ?? 0), 0);
}

const signatures = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
] as const;

/** An image file as a data URI; null if it is not a PNG, WebP or JPEG file. */
export function dataUri(bytes: Uint8Array): string | null {
  const type = signatures.find(([, signature]) =>
    signature.every((byte, index) => bytes[index] === byte),
  );
  return type === undefined
    ? null
    : `data:${type[0]};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** Re-encodes an image with at most `size` pixels on its longer side. */
type ImageReducer = (bytes: Uint8Array, size: number) => Promise<Uint8Array>;

/** Reduces images with `sharp`; null if it is not installed. */
async function imageReducer(): Promise<ImageReducer | null> {
  const sharp = await import('sharp').then((module) => module.default).catch(() => null);
  if (sharp === null) return null;
  return async (bytes, size) => {
    const reduced = await sharp(bytes)
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 72, effort: 6 })
      .toBuffer();
    return reduced.length < bytes.length ? reduced : bytes;
  };
}
