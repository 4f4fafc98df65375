import { createRandom } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { findNearDuplicates } from './findNearDuplicates.js';

const random = createRandom(0, 'hashes');
const randomHash = (): string =>
  Array.from({ length: 64 }, () => random.integer(16).toString(16)).join('');

/** The hash with some of its bits flipped. */
function flip(hash: string, bits: readonly number[]): string {
  const digits = [...hash].map((digit) => Number.parseInt(digit, 16));
  for (const bit of bits) digits[bit >> 2] ^= 1 << (bit & 3);
  return digits.map((digit) => digit.toString(16)).join('');
}

describe('findNearDuplicates', () => {
  it('finds every pair within the distance, whichever bits differ, the nearest first', () => {
    const [a, b] = [randomHash(), randomHash()];
    const seventeen = random.shuffle(Array.from({ length: 256 }, (_, bit) => bit)).slice(0, 17);
    const hashes = [
      a,
      randomHash(),
      flip(a, [0, 255]),
      undefined,
      b,
      flip(b, seventeen),
      flip(b, seventeen.slice(1)),
      a,
    ];
    expect(findNearDuplicates(hashes, 16)).toEqual([
      { first: 0, second: 7, distance: 0 },
      { first: 5, second: 6, distance: 1 },
      { first: 0, second: 2, distance: 2 },
      { first: 2, second: 7, distance: 2 },
      { first: 4, second: 6, distance: 16 },
    ]);
    expect(findNearDuplicates(hashes, 17)).toHaveLength(6);
  });

  it('returns no pairs without hashes, and stops at the maximum if all are equal', () => {
    expect(findNearDuplicates([], 16)).toEqual([]);
    expect(findNearDuplicates([undefined, undefined], 16)).toEqual([]);
    expect(findNearDuplicates(new Array<string>(1000).fill(randomHash()), 16)).toHaveLength(10_000);
  });

  it('finds the only near pair among two million', () => {
    const hashes = Array.from({ length: 2000 }, randomHash);
    hashes[1999] = flip(hashes[3], [7]);
    expect(findNearDuplicates(hashes, 16)).toEqual([{ first: 3, second: 1999, distance: 1 }]);
  });
});
