/** Most bytes per shared block; the system provides memory only as it is filled. */
const BLOCK = 128 * 2 ** 20;

const EMPTY = 0;
const WRITING = 1;
const READY = 2;

/**
 * Preprocessed images in memory shared by all threads: slot i belongs to sample i and is filled once. The first
 * `capacity` samples have a slot. (Samples come in random order, over and over: which of them are kept makes no
 * difference, as long as they stay the same.) Plain data, so that it can be posted to a worker.
 */
export interface MemoryCache {
  readonly entryBytes: number;
  /** Number of slots. */
  readonly capacity: number;
  readonly perBlock: number;
  readonly blocks: readonly SharedArrayBuffer[];
  /** State of each slot: empty, being written or ready. */
  readonly states: Int32Array;
}

/** A cache for as many of `entries` images of `entryBytes` as fit into `megabytes` (MiB). */
export function createMemoryCache({
  entries,
  entryBytes,
  megabytes,
}: {
  entries: number;
  entryBytes: number;
  megabytes: number;
}): MemoryCache {
  const capacity = Math.min(entries, Math.floor((megabytes * 2 ** 20) / entryBytes));
  const perBlock = Math.max(1, Math.floor(BLOCK / entryBytes));
  const blocks = Array.from(
    { length: Math.ceil(capacity / perBlock) },
    (_, index) =>
      new SharedArrayBuffer(Math.min(perBlock, capacity - index * perBlock) * entryBytes),
  );
  return {
    entryBytes,
    capacity,
    perBlock,
    blocks,
    states: new Int32Array(new SharedArrayBuffer(Math.max(1, capacity) * 4)),
  };
}

/** Whether a slot is filled; once filled, it stays so. */
export function isCached({ capacity, states }: MemoryCache, slot: number): boolean {
  return slot < capacity && Atomics.load(states, slot) === READY;
}

/** The bytes of a filled slot, which must not be modified; undefined if it is not filled. */
export function readMemoryCache(cache: MemoryCache, slot: number): Uint8Array | undefined {
  return isCached(cache, slot) ? bytesOf(cache, slot) : undefined;
}

/** Fills a slot, unless it is filled or another thread is filling it. @throws RangeError if the size differs. */
export function writeMemoryCache(cache: MemoryCache, slot: number, data: Uint8Array): void {
  if (data.length !== cache.entryBytes)
    throw new RangeError(`A cache entry has ${cache.entryBytes} bytes, got ${data.length}.`);
  if (
    slot >= cache.capacity ||
    Atomics.compareExchange(cache.states, slot, EMPTY, WRITING) !== EMPTY
  )
    return;
  bytesOf(cache, slot).set(data);
  Atomics.store(cache.states, slot, READY);
}

function bytesOf({ blocks, perBlock, entryBytes }: MemoryCache, slot: number): Uint8Array {
  return new Uint8Array(
    blocks[Math.floor(slot / perBlock)],
    (slot % perBlock) * entryBytes,
    entryBytes,
  );
}
