import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { Preprocessing } from '@nonlocal-med/core';
import { cacheRoot } from '@nonlocal-med/core/node';
import sharp from 'sharp';
import { bytesPerLevel } from '../image/levels.js';

const CHECKSUM_BYTES = 32;
let written = 0;

/**
 * Reads the bytes stored under a key; undefined if there are none or they are damaged. A file holds the SHA-256 of its
 * content, followed by the content.
 */
export async function readDiskCache(folder: string, key: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(pathOf(folder, key)).catch(() => undefined);
  if (bytes === undefined || bytes.length < CHECKSUM_BYTES) return undefined;
  const content = bytes.subarray(CHECKSUM_BYTES);
  return checksum(content).equals(bytes.subarray(0, CHECKSUM_BYTES)) ? content : undefined;
}

/**
 * Stores bytes under a key, atomically. They are not flushed to the disk, since a file damaged by a power failure is
 * detected and created again.
 */
export async function writeDiskCache(
  folder: string,
  key: string,
  content: Uint8Array,
): Promise<void> {
  const path = pathOf(folder, key);
  const temporary = `${path}.${process.pid}-${threadId}-${written++}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, Buffer.concat([checksum(content), content]));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const pathOf = (folder: string, key: string): string =>
  join(folder, 'images', key.slice(0, 2), key);

const checksum = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest();

/** Raised whenever decoding or preprocessing gives different pixels than before (`diskCache.test.ts` detects it). */
const ALGORITHM_VERSION = 1;

/** The key of the pixels that this decoder and preprocessing make of a file's content: equal keys, equal pixels. */
export function cacheKey(
  contentHash: string,
  { size, fit = 'stretch', color, values, contrast, clipLimit, tiles }: Preprocessing,
): string {
  const parameters = [
    ALGORITHM_VERSION,
    sharp.versions.vips,
    contentHash,
    size,
    color,
    contrast,
    ...(contrast === 'clahe' ? [clipLimit, tiles] : []),
    ...(bytesPerLevel({ values }) === 1 ? [] : [values]),
    ...(fit === 'stretch' ? [] : [fit]),
  ];
  return createHash('sha256').update(JSON.stringify(parameters)).digest('hex');
}

/** The folder of this package's caches, below the one of all packages (`cacheRoot`). */
export function defaultCacheFolder(
  environment?: NodeJS.ProcessEnv,
  platform?: NodeJS.Platform,
): string {
  return join(cacheRoot(environment, platform), 'data');
}
