import type { Issue, Pixels, Preprocessing } from '@nonlocal-med/core';
import type { MemoryCache } from '../cache/memoryCache.js';
import type { AugmentationOptions } from '../image/augment.js';

/** One image of a batch. */
export interface BatchItem {
  readonly id: string;
  /** How often it came before in the epoch. */
  readonly repeat: number;
  readonly file?: string;
  /** Which frame of the file, if it has several. */
  readonly frame?: number;
  /** Of a sample in memory; absent if the cache already holds the image. */
  readonly pixels?: Pixels;
  /** SHA-256 that the file's content must have, if known. */
  readonly hash?: string;
  /** Slot in the memory cache. */
  readonly slot: number;
}

/** Everything a worker thread needs to make a batch. Plain data, so that it can be posted. */
export interface BatchTask {
  readonly items: readonly BatchItem[];
  readonly preprocessing: Preprocessing;
  readonly augmentation?: AugmentationOptions;
  readonly seed: number;
  readonly epoch: number;
  readonly memory: MemoryCache;
  readonly cacheFolder?: string;
  /** One shared word; nonzero once the batch is no longer needed. */
  readonly cancelled: Int32Array;
}

/** Where a batch's images came from, and how long it took. */
export interface BatchWork {
  /** Images decoded and preprocessed. */
  decoded: number;
  decodeMilliseconds: number;
  memoryHits: number;
  diskHits: number;
  /** Milliseconds of augmentation and normalization. */
  finishMilliseconds: number;
  /** Why the disk cache could not be written, if so. */
  cacheFailure?: string;
}

/** A batch, or why there is none. */
export type BatchResult =
  | { readonly kind: 'batch'; readonly images: Float32Array; readonly work: BatchWork }
  | { readonly kind: 'cancelled' }
  | ({ readonly kind: 'issue' } & Issue);
