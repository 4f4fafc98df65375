import { createRandom, InputError, type Pixels } from '@nonlocal-med/core';
import { augment } from '../image/augment.js';
import { normalize } from '../image/normalize.js';
import { outsideLevel } from '../image/outsideLevel.js';
import type { BatchItem, BatchResult, BatchTask, BatchWork } from './batchTask.js';
import { loadImage } from './loadImage.js';

/**
 * Makes one batch: each image from a cache or its file, preprocessed; augmented from a random stream of its own, named
 * by the seed, the epoch and its id; normalised. Depends on nothing but the task and the files.
 */
export async function makeBatch(task: BatchTask): Promise<BatchResult> {
  const { items, preprocessing } = task;
  const [height, width] = preprocessing.size;
  const stride = height * width * 3;
  const images = new Float32Array(items.length * stride);
  const work: BatchWork = {
    decoded: 0,
    decodeMilliseconds: 0,
    memoryHits: 0,
    diskHits: 0,
    finishMilliseconds: 0,
  };
  for (const [index, item] of items.entries()) {
    if (Atomics.load(task.cancelled, 0) !== 0) return { kind: 'cancelled' };
    let pixels: Pixels;
    try {
      pixels = await loadImage(item, task, work);
    } catch (error) {
      return toIssue(item, error as Error);
    }
    const start = performance.now();
    normalize(
      varied(pixels, item, task),
      preprocessing,
      images.subarray(index * stride, (index + 1) * stride),
    );
    work.finishMilliseconds += performance.now() - start;
  }
  return { kind: 'batch', images, work };
}

function varied(
  pixels: Pixels,
  { id }: BatchItem,
  { augmentation, preprocessing, seed, epoch }: BatchTask,
): Pixels {
  return augmentation === undefined
    ? pixels
    : augment(pixels, createRandom(seed, 'augmentation', epoch, id), {
        ...augmentation,
        fill: outsideLevel(preprocessing),
      });
}

/** What is wrong with the file; an error of another kind is thrown on, with the image's name. */
function toIssue(item: BatchItem, error: Error & { code?: string }): BatchResult {
  const path = item.file ?? item.id;
  if (error instanceof InputError)
    return { kind: 'issue', path, message: error.issues[0].message, hint: error.issues[0].hint };
  if (error.code?.startsWith('E') && !error.code.startsWith('ERR_'))
    return {
      kind: 'issue',
      path,
      message:
        error.code === 'ENOENT'
          ? 'the file is not there any more'
          : `the file cannot be read (${error.code})`,
    };
  throw new Error(`${path}: ${error.message}`, { cause: error });
}
