import { describe, expect, it } from 'vitest';
import { createMemoryCache, isCached, readMemoryCache, writeMemoryCache } from './memoryCache.js';

describe('createMemoryCache', () => {
  it('fills each slot once, in as many blocks as needed', () => {
    const entryBytes = 48 * 2 ** 20;
    const cache = createMemoryCache({ entries: 5, entryBytes, megabytes: 1000 });
    expect(cache.blocks.map(({ byteLength }) => byteLength / entryBytes)).toEqual([2, 2, 1]);
    const data = new Uint8Array(entryBytes);
    data.set([7, 8, 9]);
    writeMemoryCache(cache, 4, data);
    data[0] = 1;
    writeMemoryCache(cache, 4, data);
    expect([0, 1, 2, 3, 4].map((slot) => isCached(cache, slot))).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect([...readMemoryCache(cache, 4)!.subarray(0, 3)]).toEqual([7, 8, 9]);
    expect(readMemoryCache(cache, 3)).toBeUndefined();
  });

  it('has only as many slots as fit, and ignores writes to others', () => {
    const cache = createMemoryCache({ entries: 100, entryBytes: 1024, megabytes: 10 / 1024 });
    expect(cache.capacity).toBe(10);
    writeMemoryCache(cache, 10, new Uint8Array(1024));
    expect(readMemoryCache(cache, 10)).toBeUndefined();
    expect(createMemoryCache({ entries: 100, entryBytes: 1024, megabytes: 0 }).blocks).toEqual([]);
  });

  it('rejects data of a different size', () => {
    expect(() =>
      writeMemoryCache(
        createMemoryCache({ entries: 1, entryBytes: 4, megabytes: 1 }),
        0,
        new Uint8Array(5),
      ),
    ).toThrow('A cache entry has 4 bytes, got 5.');
  });
});
