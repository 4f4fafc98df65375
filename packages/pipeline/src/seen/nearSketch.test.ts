import { createRandom } from '@nonlocal-med/core';
import { NEAR_DISTANCE } from '@nonlocal-med/data';
import { describe, expect, it } from 'vitest';
import { hashFromSketch, MOST_ERRORS, nearSketch } from './nearSketch.js';

const random = createRandom(3, 'sketches');

/** 256 random bits, of which the first is set, as in every perceptual hash. */
function randomHash(): string {
  const bytes = Buffer.from(Array.from({ length: 32 }, () => random.integer(256)));
  bytes[0] |= 0x80;
  return bytes.toString('hex');
}

/** A hash with this many other bits, never the first one. */
function changed(hash: string, bits: number): string {
  const bytes = Buffer.from(hash, 'hex');
  const positions = new Set<number>();
  while (positions.size < bits) positions.add(1 + random.integer(255));
  for (const position of positions) bytes[position >> 3] ^= 0x80 >> (position & 7);
  return bytes.toString('hex');
}

const found = (hash: string, original: string): ReturnType<typeof hashFromSketch> =>
  hashFromSketch(hash, { own: nearSketch(hash), sketch: nearSketch(original) });

describe('the sketch of a perceptual hash', () => {
  it('finds the hash from any that differs in as many bits as near duplicates may', () => {
    expect(MOST_ERRORS).toBe(NEAR_DISTANCE);
    for (let bits = 0; bits <= MOST_ERRORS; bits++)
      for (let repeat = 0; repeat < 20; repeat++) {
        const original = randomHash();
        expect(found(changed(original, bits), original)).toEqual({
          hash: original,
          distance: bits,
        });
      }
  });

  it('finds nothing from hashes that differ in more bits', () => {
    for (let bits = MOST_ERRORS + 1; bits <= 120; bits++) {
      const original = randomHash();
      expect(found(changed(original, bits), original)).toBeNull();
    }
  });

  it('has 14 bytes for 256 bits, and is the same for hashes that differ in a word of the code only', () => {
    const hash = randomHash();
    expect(nearSketch(hash)).toHaveLength(14);
    // The all-ones word of length 255 is in every such code: the sketch of a hash and of its complement are equal.
    const complement = Buffer.from(hash, 'hex').map((byte, i) => (i === 0 ? byte ^ 0x7f : ~byte));
    expect(nearSketch(Buffer.from(complement).toString('hex'))).toEqual(nearSketch(hash));
  });
});
