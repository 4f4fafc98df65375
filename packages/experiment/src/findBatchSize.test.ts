import { describe, expect, it } from 'vitest';
import { searchBatchSize } from './findBatchSize.js';

const GIBIBYTE = 2 ** 30;

/** Searches where a batch takes `bytes(batchSize)`, and records what is measured. */
async function search(
  bytes: (batchSize: number) => number,
  { images = 100_000, limit = 8, device = 'cpu' } = {},
): Promise<unknown[]> {
  const measured: number[] = [];
  const { batchSize, residentBytes, ...found } = await searchBatchSize(
    (size) => {
      measured.push(size);
      return Promise.resolve({ residentBytes: bytes(size), device });
    },
    { trainingImages: images, limitBytes: limit * GIBIBYTE },
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

  it('halves a size that takes more than promised', async () => {
    const grows = (size: number): number =>
      (0.5 + 0.1 * size + (size > 16 ? 0.1 * size : 0)) * GIBIBYTE;
    expect(await search(grows)).toEqual([32, 'memory', [2, 8, 64, 32]]);
  });

  it.each([
    [700, 64],
    [39, 2],
    [40, 4],
    [3, 2],
  ])('keeps ten steps per epoch of %i images, if there are as many', async (images, expected) => {
    expect((await search(() => GIBIBYTE, { images })).slice(0, 2)).toEqual([expected, 'images']);
  });

  it('refuses what does not fit at all, and a graphics card', async () => {
    await expect(search(() => 9 * GIBIBYTE)).rejects.toThrow(
      '--batch: got "auto", but even 2 images per step take 9.00 GiB of memory, of the 8.00 GiB that it may take',
    );
    await expect(search(() => GIBIBYTE, { device: 'cuda' })).rejects.toThrow(/by a graphics card/);
  });
});
