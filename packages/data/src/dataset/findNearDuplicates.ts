/**
 * Number of the 256 bits of a perceptual hash in which two images may differ and still count as near duplicates. Copies
 * saved again as JPEG of quality 50, at half the size or with another gamma differ in at most 14 (878 fundus photographs,
 * 898 chest X-rays, every tenth one tried); the nearest of the 788,000 pairs of different images differ in 16 and 52.
 */
export const NEAR_DISTANCE = 14;

/** Most pairs that are reported: more would add nothing, and 20,000 blank images would make 200 million. */
export const MAXIMUM_NEAR_PAIRS = 10_000;

/** Two images by their indices in the list, and the number of bits in which their hashes differ. */
export interface NearPair {
  readonly first: number;
  readonly second: number;
  readonly distance: number;
}

/**
 * Pairs of images whose perceptual hashes differ in at most `maximumDistance` bits, the nearest first: all of them, or
 * the 10,000 that are found first. Every pair is compared, word by word until it differs in too many bits: 20,000
 * images take two seconds.
 *
 * @param hashes hexadecimal, all of the same length; undefined for an image without one
 */
export function findNearDuplicates(
  hashes: readonly (string | undefined)[],
  maximumDistance: number,
): NearPair[] {
  const indices = hashes.flatMap((hash, index) => (hash === undefined ? [] : [index]));
  const words = Math.ceil((hashes[indices[0]]?.length ?? 0) / 8);
  const bits = new Uint32Array(indices.length * words); // [hashes, words]
  indices.forEach((index, i) => {
    for (let word = 0; word < words; word++)
      bits[i * words + word] = Number.parseInt(hashes[index]!.slice(8 * word, 8 * word + 8), 16);
  });
  const pairs: NearPair[] = [];
  for (let a = 0; a < indices.length && pairs.length < MAXIMUM_NEAR_PAIRS; a++) {
    for (let b = a + 1; b < indices.length && pairs.length < MAXIMUM_NEAR_PAIRS; b++) {
      let distance = 0;
      for (let word = 0; word < words && distance <= maximumDistance; word++)
        distance += countBits(bits[a * words + word] ^ bits[b * words + word]);
      if (distance <= maximumDistance)
        pairs.push({ first: indices[a], second: indices[b], distance });
    }
  }
  return pairs.sort((a, b) => a.distance - b.distance || a.first - b.first || a.second - b.second);
}

/** Number of ones in a 32-bit word. */
export function countBits(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
