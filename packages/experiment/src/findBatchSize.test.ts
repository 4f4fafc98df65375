import { describe, expect, it } from 'vitest';
import { searchBatchSize } from './findBatchSize.js';

const GIBIBYTE = 2 ** 30;

/** Searches where a batch takes `bytes(batchSize)`, and records what is measured. */
async function search(
  bytes: (batchSize: number) => number,
  { largest = 10_000, limit = 8, device = 'cpu' } = {},
): Promise<unknown[]> {
  const measured: number[] = [];
  const { batchSize, residentBytes, ...found } = await searchBatchSize(
    (size) => {
      measured.push(size);
      return Promise.resolve({ residentBytes: bytes(size), device });
    },
    { largest, limitBytes: limit * GIBIBYTE },
  );
  expect(residentBytes).toBe(bytes(batchSize));
  return [batchSize, found.limit, measured];
}

describe('searchBatchSize', () => {
  it('measures two small sizes and the one that they promise', async () => {
    // 0.5 GiB and 0.1 GiB per image: 75 images fit into 8 GiB.
    expect(await search((size) => (0.5 + 0.1 * size) * GIBIBYTE)).toEqual([
      64,
      'memory',
      [2, 8, 64],
    ]);
  });

  it('halves a size that takes more than expected, or more than there is', async () => {
    const grows = (size: number): number =>
      (0.5 + 0.1 * size + (size > 16 ? 0.1 * size : 0)) * GIBIBYTE;
    expect(await search(grows)).toEqual([32, 'memory', [2, 8, 64, 32]]);
    const killed = (size: number): number => (size > 16 ? Infinity : GIBIBYTE);
    expect(await search(killed)).toEqual([16, 'memory', [2, 8, 64, 32, 16]]);
  });

  it('measures no size that is more than 8 times as large as the one before', async () => {
    // Small batches take what the runtime takes, so that their line says nothing about larger ones.
    const flat = (size: number): number => Math.max(1, 0.01 * size) * GIBIBYTE;
    expect(await search(flat)).toEqual([512, 'memory', [2, 8, 64, 512]]);
  });

  it.each([
    [70, 64],
    [3.9, 2],
    [4, 4],
    [0.3, 2],
  ])('goes up to the power of two below %f', async (largest, expected) => {
    expect((await search(() => GIBIBYTE, { largest })).slice(0, 2)).toEqual([expected, 'images']);
  });

  it('refuses what does not fit at all, and a graphics card', async () => {
    await expect(search(() => 9 * GIBIBYTE)).rejects.toThrow(
      '--batch: got "auto", but even 2 images per batch take 9.00 GiB of memory, of the 8.00 GiB that it may take',
    );
    await expect(search(() => GIBIBYTE, { device: 'cuda' })).rejects.toThrow(/by a graphics card/);
  });
});
