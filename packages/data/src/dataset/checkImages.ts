import { withWorkers } from '../loader/withWorkers.js';
import { openCheckCache } from './checkCache.js';
import type { ImageCheck } from './checkImage.js';

/** Images in one message to a worker: few enough to spread, many enough for messages not to count. */
const CHUNK = 8;
/** So few images are checked before threads have started. */
const FEW = 8;

export interface CheckOptions {
  readonly workers: number;
  readonly cacheFolder: string | null;
  /** Called as the work goes on with the number of images checked so far. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Checks images in worker threads. What an earlier call found out about a file that has kept its size and time of
 * change is not found out again.
 *
 * @returns one check a file, in the same order
 */
export async function checkImages(
  files: readonly string[],
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
    await forEach(chunks, { atOnce: Math.max(1, workers) * 2, signal }, async (indices) => {
      const results = await pool.checkImages(indices.map((index) => files[index]));
      indices.forEach((index, i) => (checks[index] = results[i]));
      onProgress?.((done += indices.length), files.length);
    });
  });
  await cache.save(files, checks as ImageCheck[]);
  return checks as ImageCheck[];
}

/** Runs an action on each item, some at once; the first failure, or the signal, ends it after those under way. */
async function forEach<T>(
  items: readonly T[],
  { atOnce, signal }: { atOnce: number; signal?: AbortSignal },
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
    Array.from({ length: atOnce }, () =>
      lane().catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
