import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { checkImage, type ImageCheck } from '../dataset/checkImage.js';
import type { BatchResult, BatchTask } from './batchTask.js';
import { makeBatch } from './makeBatch.js';

/** Threads that work on images, or the calling thread in their place. */
export interface Workers {
  /** Resolves to one check a file. */
  checkImages(files: readonly string[]): Promise<ImageCheck[]>;
  makeBatch(task: BatchTask): Promise<BatchResult>;
  /** Gives the threads back; they end when nobody holds them any more and their work is done. */
  release(): Promise<void>;
}

const pools = new Map<number, { readonly pool: Piscina; holders: number }>();

/**
 * Worker threads, shared by all holders that ask for the same number of them: the loaders of a run, which seldom work
 * at the same time. 0: the work is done in the calling thread.
 */
export function acquireWorkers(count: number): Workers {
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`workers takes a whole number from 0, got ${count}.`);
  if (count === 0)
    return {
      checkImages: (files) => Promise.all(files.map(checkImage)),
      makeBatch,
      release: () => Promise.resolve(),
    };
  const entry = pools.get(count) ?? { pool: createPool(count), holders: 0 };
  pools.set(count, entry);
  entry.holders++;
  let held = true;
  return {
    checkImages: (files) => entry.pool.run(files, { name: 'checkImages' }) as Promise<ImageCheck[]>,
    makeBatch: (task) => entry.pool.run(task, { name: 'makeBatch' }) as Promise<BatchResult>,
    async release() {
      if (!held) return;
      held = false;
      if (--entry.holders > 0) return;
      pools.delete(count);
      await entry.pool.close();
    },
  };
}

/**
 * A thread is given a second task while it works on one, so that it goes on while the main thread is busy in a native
 * call and cannot hand out work.
 */
const createPool = (count: number): Piscina =>
  new Piscina({
    filename: findWorkerFile(import.meta.url),
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: 2,
    execArgv: [],
  });

/** The compiled worker beside this file; where this file runs as TypeScript source, the one in dist/. */
function findWorkerFile(here: string): string {
  const beside = fileURLToPath(new URL('./imageWorker.js', here));
  if (existsSync(beside)) return beside;
  const built = fileURLToPath(new URL('../../dist/loader/imageWorker.js', here));
  if (existsSync(built)) return built;
  throw new Error(
    `The worker file is missing: neither "${beside}" nor "${built}" exists. Build the package first.`,
  );
}
