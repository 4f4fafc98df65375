import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InputError, type Pixels, type Preprocessing } from '@nonlocal-med/core';
import { cacheKey } from '../cache/cacheKey.js';
import { readDiskCache, writeDiskCache } from '../cache/diskCache.js';
import { readMemoryCache, writeMemoryCache } from '../cache/memoryCache.js';
import { decodeImage } from '../image/decodeImage.js';
import { preprocess } from '../image/preprocess.js';
import type { BatchItem, BatchTask, BatchWork } from './batchTask.js';

/** An image as preprocessing leaves it: from memory, from the disk cache, or from its file or pixels. */
export async function loadImage(
  item: BatchItem,
  task: BatchTask,
  work: BatchWork,
): Promise<Pixels> {
  const shape = shapeOf(task.preprocessing);
  const kept = readMemoryCache(task.memory, item.slot);
  if (kept !== undefined) {
    work.memoryHits++;
    return { ...shape, data: kept };
  }
  const pixels = await (item.file === undefined ? fromPixels : fromFile)(item, task, work);
  writeMemoryCache(task.memory, item.slot, pixels.data);
  return pixels;
}

async function fromPixels(
  { id, pixels }: BatchItem,
  { preprocessing }: BatchTask,
  work: BatchWork,
): Promise<Pixels> {
  if (pixels === undefined) throw new Error(`Sample "${id}" has neither a file nor pixels.`);
  return timed(work, () => preprocess(pixels, preprocessing));
}

async function fromFile(
  { file, hash }: BatchItem,
  { preprocessing, cacheFolder }: BatchTask,
  work: BatchWork,
): Promise<Pixels> {
  const shape = shapeOf(preprocessing);
  let bytes: Buffer | undefined;
  let contentHash = hash;
  if (cacheFolder !== undefined) {
    if (contentHash === undefined) contentHash = hashOf((bytes = await readFile(file!)));
    const data = await readDiskCache(cacheFolder, cacheKey(contentHash, preprocessing));
    if (data?.length === shape.height * shape.width * shape.channels) {
      work.diskHits++;
      return { ...shape, data };
    }
  }
  bytes ??= await readFile(file!);
  if (hash !== undefined && hashOf(bytes) !== hash)
    throw new InputError({
      path: file!,
      message: 'the file has changed since the data set was checked',
      hint: 'start again',
    });
  const content = bytes;
  const pixels = await timed(work, async () =>
    preprocess(await decodeImage(content), preprocessing),
  );
  if (cacheFolder !== undefined)
    await keep(cacheFolder, cacheKey(contentHash!, preprocessing), { data: pixels.data, work });
  return pixels;
}

async function keep(
  folder: string,
  key: string,
  { data, work }: { data: Uint8Array; work: BatchWork },
): Promise<void> {
  try {
    await writeDiskCache(folder, key, data);
  } catch (error) {
    work.cacheFailure = (error as Error).message;
  }
}

/** Counts an image's decoding and preprocessing. */
async function timed<T>(work: BatchWork, action: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await action();
  work.decoded++;
  work.decodeMilliseconds += performance.now() - start;
  return result;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const shapeOf = ({ size: [height, width], color }: Preprocessing): Omit<Pixels, 'data'> => ({
  height,
  width,
  channels: color === 'grey' ? 1 : 3,
});
