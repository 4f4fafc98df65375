import { mostNearPairs } from './mostNearPairs.js';

/** Two images by their places in the list, and the number of bits in which their hashes differ. */
export interface NearPair {
  readonly first: number;
  readonly second: number;
  readonly distance: number;
}

/**
 * Pairs of images whose perceptual hashes differ in at most `maximumDistance` bits, the nearest first: all, or the 10,000
 * that are found first. Every pair is compared, word by word until it differs in too many bits: 20,000 images take two
 * seconds.
 *
 * @param hashes hexadecimal, of one length; undefined for an image without one
 */
export function findNearDuplicates(
  hashes: readonly (string | undefined)[],
  maximumDistance: number,
): NearPair[] {
  const places = hashes.flatMap((hash, index) => (hash === undefined ? [] : [index]));
  const words = Math.ceil((hashes[places[0]]?.length ?? 0) / 8);
  const bits = new Uint32Array(places.length * words);
  places.forEach((place, i) => {
    for (let word = 0; word < words; word++)
      bits[i * words + word] = Number.parseInt(hashes[place]!.slice(8 * word, 8 * word + 8), 16);
  });
  const pairs: NearPair[] = [];
  for (let a = 0; a < places.length && pairs.length < mostNearPairs; a++) {
    for (let b = a + 1; b < places.length && pairs.length < mostNearPairs; b++) {
      let distance = 0;
      for (let word = 0; word < words && distance <= maximumDistance; word++)
        distance += countBits(bits[a * words + word] ^ bits[b * words + word]);
      if (distance <= maximumDistance)
        pairs.push({ first: places[a], second: places[b], distance });
    }
  }
  return pairs.sort((a, b) => a.distance - b.distance || a.first - b.first || a.second - b.second);
}

function countBits(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
