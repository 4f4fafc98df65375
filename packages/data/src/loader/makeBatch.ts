import {
  createRandom,
  InputError,
  type PixelData,
  type Pixels,
  type Preprocessing,
} from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { cacheKey, readDiskCache, writeDiskCache } from '../cache/diskCache.js';
import { readMemoryCache, writeMemoryCache } from '../cache/memoryCache.js';
import { HASHED_ID } from '../dataset/dicomListing.js';
import { augment } from '../image/augment.js';
import { contentHash as contentHashOf } from '../image/decodeBytes.js';
import { decodeImage } from '../image/decodeImage.js';
import { bytesPerLevel, fromBytes, toBytes } from '../image/levels.js';
import { backgroundLevel, normalize, preprocess } from '../image/preprocess.js';
import type { BatchItem, BatchResult, BatchTask, BatchWork } from './batchTask.js';

/**
 * Makes one batch: each image is taken from a cache or its file and preprocessed, augmented from a separate random
 * stream named by the seed, the epoch and its id (and how often it came before in the epoch), and normalized. The result depends only on the task and the files.
 *
 * @returns images [items, height, width, 3], or the first issue
 */
export async function makeBatch(task: BatchTask): Promise<BatchResult> {
  const { items, preprocessing, augmentation, seed, epoch } = task;
  const [height, width] = preprocessing.size;
  const stride = height * width * 3;
  const images = new Float32Array(items.length * stride); // [items, height, width, 3]
  const work: BatchWork = {
    decoded: 0,
    decodeMilliseconds: 0,
    memoryHits: 0,
    diskHits: 0,
    finishMilliseconds: 0,
  };
  for (const [index, item] of items.entries()) {
    if (Atomics.load(task.cancelled, 0) !== 0) return { kind: 'cancelled' };
    let pixels: Pixels<PixelData>;
    try {
      pixels = await loadImage(item, task, work);
    } catch (error) {
      return toIssue(item, error as Error);
    }
    const start = performance.now();
    if (augmentation !== undefined) {
      const names = item.repeat === 0 ? [item.id] : [item.id, item.repeat];
      const random = createRandom(seed, 'augmentation', epoch, ...names);
      pixels = augment(pixels, random, { ...augmentation, fill: backgroundLevel(preprocessing) });
    }
    normalize(pixels, preprocessing, images.subarray(index * stride, (index + 1) * stride));
    work.finishMilliseconds += performance.now() - start;
  }
  return { kind: 'batch', images, work };
}

/** The preprocessed image: from memory, from the disk cache, or from its file or pixels. */
async function loadImage(
  item: BatchItem,
  task: BatchTask,
  work: BatchWork,
): Promise<Pixels<PixelData>> {
  const bytes = readMemoryCache(task.memory, item.slot);
  if (bytes !== undefined) {
    work.memoryHits++;
    return { ...shapeOf(task.preprocessing), data: fromBytes(bytes, task.preprocessing) };
  }
  const pixels = await (item.file === undefined ? fromPixels : fromFile)(item, task, work);
  writeMemoryCache(task.memory, item.slot, toBytes(pixels.data));
  return pixels;
}

async function fromPixels(
  { id, pixels }: BatchItem,
  { preprocessing }: BatchTask,
  work: BatchWork,
): Promise<Pixels<PixelData>> {
  if (pixels === undefined) throw new Error(`Sample "${id}" has neither a file nor pixels.`);
  if (bytesPerLevel(preprocessing) !== 1)
    throw new InputError({
      path: id,
      message: 'has 8 bits in memory, unlike the values that the preprocessing expects',
      hint: 'preprocessing without `values`',
    });
  return timed(work, () => preprocess(pixels, preprocessing));
}

async function fromFile(
  { file, frame, hash }: BatchItem,
  { preprocessing, cacheFolder }: BatchTask,
  work: BatchWork,
): Promise<Pixels<PixelData>> {
  const shape = shapeOf(preprocessing);
  let bytes: Buffer | undefined;
  let contentHash = hash;
  if (cacheFolder !== undefined) {
    if (contentHash === undefined)
      contentHash = contentHashOf((bytes = await readRegularFile(file!)), frame);
    const stored = await readDiskCache(cacheFolder, cacheKey(contentHash, preprocessing));
    const levels = shape.height * shape.width * shape.channels;
    if (stored?.length === levels * bytesPerLevel(preprocessing)) {
      work.diskHits++;
      return { ...shape, data: fromBytes(stored, preprocessing) };
    }
  }
  bytes ??= await readRegularFile(file!);
  if (hash !== undefined && contentHashOf(bytes, frame) !== hash)
    throw new InputError({
      path: file!,
      message: 'the file has changed since the data set was checked',
      hint: 'start again',
    });
  const content = bytes;
  const pixels = await timed(work, async () =>
    preprocess(await decodeImage(content, { values: preprocessing.values, frame }), preprocessing),
  );
  if (cacheFolder !== undefined)
    await writeDiskCache(
      cacheFolder,
      cacheKey(contentHash!, preprocessing),
      toBytes(pixels.data),
    ).catch((error: unknown) => {
      work.cacheFailure = (error as Error).message;
    });
  return pixels;
}

/** Records an image's decoding and preprocessing. */
async function timed<T>(work: BatchWork, action: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await action();
  work.decoded++;
  work.decodeMilliseconds += performance.now() - start;
  return result;
}

const shapeOf = ({ size: [height, width], color }: Preprocessing): Omit<Pixels, 'data'> => ({
  height,
  width,
  channels: color === 'grey' ? 1 : 3,
});

/**
 * What is wrong with the file; any other error is rethrown with the image's name. Where ids are hashes, this is the id,
 * since runs record why they stopped.
 */
function toIssue(item: BatchItem, error: Error & { code?: string }): BatchResult {
  const path = item.id.startsWith(HASHED_ID) ? item.id : (item.file ?? item.id);
  if (error instanceof InputError) return { kind: 'issue', ...error.issues[0], path };
  if (error.code?.startsWith('E') && !error.code.startsWith('ERR_'))
    return {
      kind: 'issue',
      path,
      message:
        error.code === 'ENOENT'
          ? 'the file no longer exists'
          : `the file cannot be read (${error.code})`,
    };
  throw new Error(`${path}: ${error.message}`, { cause: error });
}
