import { setImmediate } from 'node:timers/promises';

export interface PrefetchOptions {
  /** First and one past the last index. */
  readonly first: number;
  readonly end: number;
  /** Results made or being made at most that the consumer has not taken. */
  readonly ahead: number;
  readonly signal: AbortSignal;
  /** Told how long the consumer waited for the result that it now gets, in milliseconds. */
  readonly onTake: (waitMilliseconds: number) => void;
  /** Called at the end with the number of results that nobody takes any more, so that work under way can end early. */
  readonly onEnd: (left: number) => void;
}

/**
 * Yields `make(first)`, `make(first + 1)`, ... in order, with a bounded number of them begun ahead. When the consumer
 * leaves early, what is under way is waited for and dropped.
 */
export async function* prefetched<T>(
  make: (index: number) => Promise<T>,
  { first, end, ahead, signal, onTake, onEnd }: PrefetchOptions,
): AsyncGenerator<T, void, undefined> {
  const begun: Promise<T>[] = [];
  let next = first;
  const fill = (): void => {
    while (begun.length < ahead && next < end) {
      const result = make(next++);
      result.catch(() => undefined); // reported when its turn comes
      begun.push(result);
    }
  };
  try {
    for (fill(); begun.length > 0;) {
      const start = performance.now();
      await setImmediate(); // lets finished threads report, even where the consumer never waits for anything else
      const result = await orAborted(begun[0], signal);
      void begun.shift();
      onTake(performance.now() - start);
      fill();
      yield result;
    }
  } finally {
    onEnd(begun.length);
    await Promise.allSettled(begun);
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
