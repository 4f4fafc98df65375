import type { Pixels, Preprocessing } from '@nonlocal-med/core';
import type { MemoryCache } from '../cache/memoryCache.js';
import type { AugmentationOptions } from '../image/augment.js';

/** One image of a batch. */
export interface BatchItem {
  readonly id: string;
  readonly file?: string;
  /** Absent where the cache has the image. */
  readonly pixels?: Pixels;
  /** SHA-256 that the file's content must have, where it is known. */
  readonly hash?: string;
  /** Place in the memory cache. */
  readonly slot: number;
}

/** What a thread is told to make a batch. Plain data. */
export interface BatchTask {
  readonly items: readonly BatchItem[];
  readonly preprocessing: Preprocessing;
  readonly augmentation?: AugmentationOptions;
  readonly seed: number;
  readonly epoch: number;
  readonly memory: MemoryCache;
  readonly cacheFolder?: string;
  /** One shared word; not zero once nobody wants the batch. */
  readonly cancelled: Int32Array;
}

/** Where a batch's images came from, and what that took. */
export interface BatchWork {
  /** Images decoded and preprocessed, and the milliseconds it took. */
  decoded: number;
  decodeMilliseconds: number;
  memoryHits: number;
  diskHits: number;
  /** Milliseconds of augmentation and normalisation. */
  finishMilliseconds: number;
  /** Why the disk cache could not be written, if it could not. */
  cacheFailure?: string;
}

/** A batch, or why there is none. */
export type BatchResult =
  | { readonly kind: 'batch'; readonly images: Float32Array; readonly work: BatchWork }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'issue';
      readonly path: string;
      readonly message: string;
      readonly hint?: string;
    };
