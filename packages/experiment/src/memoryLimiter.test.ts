import { describe, expect, it } from 'vitest';
import { createMemoryLimiter } from './memoryLimiter.js';

const GIB = 2 ** 30;

describe('createMemoryGate', () => {
  it('admits the first run at once, and others when there is memory for the largest run so far', async () => {
    let free = 0.1 * GIB;
    const waits: number[] = [];
    const limiter = createMemoryLimiter({
      availableBytes: () => free,
      pollMilliseconds: 1,
      settlingMilliseconds: 0,
      onWait: (needed) => waits.push(needed),
    });
    await limiter.acquire();
    limiter.observe(2 * GIB);
    limiter.observe(1 * GIB);
    let second = false;
    const entered = limiter.acquire().then(() => (second = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(second).toBe(false);
    expect(waits).toEqual([2.4 * GIB]);
    free = 2.5 * GIB;
    await entered;
    expect(second).toBe(true);
  });

  it('reserves memory for runs that have just started, so that two runs do not start on the same free memory', async () => {
    const waits: number[] = [];
    const limiter = createMemoryLimiter({
      availableBytes: () => 4 * GIB,
      pollMilliseconds: 1,
      settlingMilliseconds: 50,
      onWait: (needed) => waits.push(needed),
    });
    limiter.observe(2 * GIB);
    let entered = 0;
    const all = [1, 2].map(() => limiter.acquire().then(() => entered++));
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(entered).toBe(1);
    expect(waits).toEqual([4.8 * GIB]);
    await Promise.all(all);
    expect(entered).toBe(2);
  });

  it('admits a run when no other is active', async () => {
    const limiter = createMemoryLimiter({ availableBytes: () => 0, pollMilliseconds: 1 });
    await limiter.acquire();
    const entered = limiter.acquire();
    limiter.release();
    await entered;
  });

  it('stops waiting with the signal', async () => {
    const limiter = createMemoryLimiter({ availableBytes: () => 0, pollMilliseconds: 1000 });
    await limiter.acquire();
    const stop = new AbortController();
    const entered = limiter.acquire(stop.signal);
    stop.abort();
    await expect(entered).rejects.toThrow(/abort/i);
  });
});
