import { describe, expect, it } from 'vitest';
import { createMemoryLimiter } from './memoryLimiter.js';

const GIB = 2 ** 30;

describe('createMemoryGate', () => {
  it('lets the first run in whatever there is, and others once there is room for the largest seen', async () => {
    let free = 0.1 * GIB;
    const waits: number[] = [];
    const gate = createMemoryLimiter({
      availableBytes: () => free,
      pollMilliseconds: 1,
      settlingMilliseconds: 0,
      onWait: (needed) => waits.push(needed),
    });
    await gate.enter();
    gate.observe(2 * GIB);
    gate.observe(1 * GIB);
    let second = false;
    const entered = gate.enter().then(() => (second = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(second).toBe(false);
    expect(waits).toEqual([2.4 * GIB]);
    free = 2.5 * GIB;
    await entered;
    expect(second).toBe(true);
  });

  it('counts a run that has just begun as still to take its memory, so that several do not begin on the same free memory', async () => {
    const waits: number[] = [];
    const gate = createMemoryLimiter({
      availableBytes: () => 4 * GIB,
      pollMilliseconds: 1,
      settlingMilliseconds: 50,
      onWait: (needed) => waits.push(needed),
    });
    gate.observe(2 * GIB);
    let entered = 0;
    const all = [1, 2].map(() => gate.enter().then(() => entered++));
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(entered).toBe(1);
    expect(waits).toEqual([4.8 * GIB]);
    await Promise.all(all);
    expect(entered).toBe(2);
  });

  it('lets a run in when those before it have left', async () => {
    const gate = createMemoryLimiter({ availableBytes: () => 0, pollMilliseconds: 1 });
    await gate.enter();
    const entered = gate.enter();
    gate.leave();
    await entered;
  });

  it('stops waiting with the signal', async () => {
    const gate = createMemoryLimiter({ availableBytes: () => 0, pollMilliseconds: 1000 });
    await gate.enter();
    const stop = new AbortController();
    const entered = gate.enter(stop.signal);
    stop.abort();
    await expect(entered).rejects.toThrow(/abort/i);
  });
});
