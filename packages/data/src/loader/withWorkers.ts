import { acquireWorkers, type Workers } from './acquireWorkers.js';

/** Runs an action with worker threads and gives them back afterwards, whatever happens. */
export async function withWorkers<T>(
  count: number,
  action: (workers: Workers) => Promise<T>,
): Promise<T> {
  const workers = acquireWorkers(count);
  try {
    return await action(workers);
  } finally {
    await workers.release();
  }
}
