import { createHash } from 'node:crypto';
import type { Sample } from '@nonlocal-med/core';
import { perceptualHash } from '../image/perceptualHash.js';
import { countBits, NEAR_DISTANCE } from './findNearDuplicates.js';

/** What an image is recognized by, in whatever data set, folder or file it is found again. */
export interface ImageIdentity {
  /** SHA-256 of the file, or of the pixels of an image in memory; hexadecimal. */
  readonly content: string;
  /** Perceptual hash of the pixels: 256 bits as 64 hexadecimal digits. */
  readonly perceptual: string;
}

/**
 * What a sample is recognized by.
 * @throws TypeError if the sample comes neither from `openDataset` nor has pixels
 */
export function imageIdentity({
  id,
  facts,
  pixels,
}: Sample & {
  readonly facts?: { readonly hash: string; readonly perceptual?: string };
}): ImageIdentity {
  if (facts?.perceptual !== undefined) return { content: facts.hash, perceptual: facts.perceptual };
  if (pixels === undefined) throw new TypeError(`The image of sample "${id}" was not checked.`);
  return {
    content: createHash('sha256').update(pixels.data).digest('hex'),
    perceptual: perceptualHash(pixels),
  };
}

/** The nearest of several perceptual hashes: its index, and the number of bits in which it differs. */
export interface NearestHash {
  readonly index: number;
  readonly distance: number;
}

/**
 * A search for near duplicates among fixed hashes: each call compares one hash with all of them, 10,000 in a millisecond.
 * @param hashes perceptual hashes, 64 hexadecimal digits each
 * @returns the nearest hash, of equally near ones the first; null if none differs in at most `NEAR_DISTANCE` bits
 */
export function nearestHashSearch(hashes: readonly string[]): (hash: string) => NearestHash | null {
  const known = hashes.map(wordsOf);
  return (hash) => {
    const words = wordsOf(hash);
    let nearest: NearestHash | null = null;
    for (const [index, other] of known.entries()) {
      const limit = nearest === null ? NEAR_DISTANCE : nearest.distance - 1;
      let distance = 0;
      for (let i = 0; i < words.length && distance <= limit; i++)
        distance += countBits(words[i] ^ other[i]);
      if (distance <= limit) nearest = { index, distance };
    }
    return nearest;
  };
}

/** A hash as eight words of 32 bits. */
function wordsOf(hash: string): Uint32Array {
  return Uint32Array.from({ length: 8 }, (_, i) =>
    Number.parseInt(hash.slice(8 * i, 8 * i + 8), 16),
  );
}
