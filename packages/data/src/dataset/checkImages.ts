import { withWorkers } from '../loader/workerPool.js';
import { openCheckCache } from './checkCache.js';
import type { ImageCheck, ImageSource } from './checkImage.js';

/** Images per message to a worker: few enough to spread the work, enough that messages cost nothing. */
const CHUNK = 8;
/** Up to this many images are checked in the calling thread: faster than starting threads. */
const FEW = 8;

export interface CheckOptions {
  readonly workers: number;
  readonly cacheFolder: string | null;
  /** Called with the number of images checked so far. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Checks images in worker threads. The result of an earlier call is reused for a file whose size and modification time
 * have not changed.
 *
 * @returns one check per file, in the same order
 */
export async function checkImages(
  files: readonly ImageSource[],
  { workers, cacheFolder, onProgress, signal }: CheckOptions,
): Promise<ImageCheck[]> {
  const cache = await openCheckCache(cacheFolder, files);
  const checks: (ImageCheck | undefined)[] = await Promise.all(
    files.map((file) => cache.get(file)),
  );
  const open = checks.flatMap((check, index) => (check === undefined ? [index] : []));
  let done = files.length - open.length;
  onProgress?.(done, files.length);
  if (open.length === 0) return checks as ImageCheck[];
  const chunks = Array.from({ length: Math.ceil(open.length / CHUNK) }, (_, index) =>
    open.slice(index * CHUNK, (index + 1) * CHUNK),
  );
  await withWorkers(open.length <= FEW ? 0 : Math.min(workers, chunks.length), async (pool) => {
    const concurrency = Math.max(1, workers) * 2;
    await forEach(chunks, { concurrency, signal }, async (indices) => {
      const results = await pool.checkImages(indices.map((index) => files[index]));
      indices.forEach((index, i) => (checks[index] = results[i]));
      onProgress?.((done += indices.length), files.length);
    });
  });
  await cache.save(files, checks as ImageCheck[]);
  return checks as ImageCheck[];
}

/** Runs an action on each item, several at once; the first failure, or the signal, ends it after those in progress. */
async function forEach<T>(
  items: readonly T[],
  { concurrency, signal }: { readonly concurrency: number; readonly signal?: AbortSignal },
  action: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      signal?.throwIfAborted();
      await action(items[next++]);
    }
  };
  const results = await Promise.allSettled(
    Array.from({ length: concurrency }, () =>
      lane().catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
