import { setImmediate } from 'node:timers/promises';

export interface PrefetchOptions {
  /** First index. */
  readonly first: number;
  /** One past the last index. */
  readonly end: number;
  /** Most results that may be started and not yet taken by the consumer. */
  readonly ahead: number;
  readonly signal: AbortSignal;
  /** Called with the milliseconds that the consumer waited for the result it now gets. */
  readonly onTake: (waitMilliseconds: number) => void;
  /** Called at the end with the number of started results that nobody will take, so that their work can stop early. */
  readonly onEnd: (left: number) => void;
}

/**
 * Yields `make(first)`, `make(first + 1)`, ... in order, with a bounded number of them started ahead. If the consumer
 * leaves early, work in progress is awaited and its results are dropped.
 */
export async function* prefetched<T>(
  make: (index: number) => Promise<T>,
  { first, end, ahead, signal, onTake, onEnd }: PrefetchOptions,
): AsyncGenerator<T, void, undefined> {
  const started: Promise<T>[] = [];
  let next = first;
  const fill = (): void => {
    while (started.length < ahead && next < end) {
      const result = make(next++);
      result.catch(() => undefined); // reported when its turn comes
      started.push(result);
    }
  };
  try {
    for (fill(); started.length > 0;) {
      const start = performance.now();
      await setImmediate(); // lets finished threads report, even if the consumer never waits for anything else
      const result = await orAborted(started[0], signal);
      void started.shift();
      onTake(performance.now() - start);
      fill();
      yield result;
    }
  } finally {
    onEnd(started.length);
    await Promise.allSettled(started);
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    promise.finally(() => signal.removeEventListener('abort', stop)).then(resolve, reject);
  });
}
