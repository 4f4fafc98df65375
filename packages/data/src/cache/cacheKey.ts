import { createHash } from 'node:crypto';
import type { Preprocessing } from '@nonlocal-med/core';
import sharp from 'sharp';

/** Raised whenever decoding or preprocessing gives other pixels than before (`cacheKey.test.ts` notices). */
const ALGORITHM_VERSION = 1;

/** Names the pixels that this decoder and preprocessing make of a file's content: equal names, equal pixels. */
export function cacheKey(
  contentHash: string,
  { size, color, contrast, clipLimit, tiles }: Preprocessing,
): string {
  const parameters = [
    ALGORITHM_VERSION,
    sharp.versions.vips,
    contentHash,
    size,
    color,
    contrast,
    ...(contrast === 'clahe' ? [clipLimit, tiles] : []),
  ];
  return createHash('sha256').update(JSON.stringify(parameters)).digest('hex');
}
