/**
 * A sketch of a perceptual hash, from which a near duplicate can be recognized but which does not contain the hash: the
 * syndrome of a binary BCH code of length 255 that corrects 14 errors (the "syndrome construction" of Dodis, Ostrovsky,
 * Reyzin and Smith, Fuzzy extractors, SIAM J. Comput. 38, 2008). The sum of the sketches of two hashes is the sketch of
 * their difference, and a difference of at most 14 bits can be computed from it. Bit 0 of a hash, the mean brightness,
 * is always set and left out.
 */

/** Bits in a code word, which are the bits 1 to 255 of a hash. */
const LENGTH = 255;
/** Most bits in which two hashes may differ; equals `NEAR_DISTANCE` of `data`. */
export const MOST_ERRORS = 14;

/** Powers of the primitive element of GF(256), modulo x^8 + x^4 + x^3 + x^2 + 1, twice in a row. */
const power = new Uint8Array(2 * LENGTH);
const logarithm = new Uint8Array(256);
for (let i = 0, value = 1; i < LENGTH; i++) {
  power[i] = power[i + LENGTH] = value;
  logarithm[value] = i;
  value = value & 0x80 ? (value << 1) ^ 0x11d : value << 1;
}

const multiply = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : power[logarithm[a] + logarithm[b]];
const divide = (a: number, b: number): number =>
  a === 0 ? 0 : power[logarithm[a] + LENGTH - logarithm[b]];

/**
 * The sketch of a perceptual hash.
 * @param hash 64 hexadecimal digits
 * @returns 14 bytes: the odd syndromes 1, 3, ..., 27
 */
export function nearSketch(hash: string): Uint8Array {
  const bits = Buffer.from(hash, 'hex');
  const sketch = new Uint8Array(MOST_ERRORS);
  for (let j = 0; j < LENGTH; j++) {
    if (((bits[(j + 1) >> 3] >> (7 - ((j + 1) & 7))) & 1) === 0) continue;
    for (let k = 0; k < MOST_ERRORS; k++) sketch[k] ^= power[((2 * k + 1) * j) % LENGTH];
  }
  return sketch;
}

/**
 * The hash with a given sketch that differs from another hash in at most 14 bits.
 * @param hash 64 hexadecimal digits
 * @param own its sketch
 * @param sketch of the hash that is looked for
 * @returns that hash, and the number of bits in which they differ; null if there is none. Of two hashes that have nothing
 * in common, one pair in about 10^11 gives a hash by chance: check it against another record of the hash.
 */
export function hashFromSketch(
  hash: string,
  { own, sketch }: { readonly own: Uint8Array; readonly sketch: Uint8Array },
): { readonly hash: string; readonly distance: number } | null {
  const positions = errorPositions(own.map((value, k) => value ^ sketch[k]));
  if (positions === null) return null;
  const bits = Buffer.from(hash, 'hex');
  for (const j of positions) bits[(j + 1) >> 3] ^= 1 << (7 - ((j + 1) & 7));
  return { hash: bits.toString('hex'), distance: positions.length };
}

/** The at most 14 positions whose sketch this is; null if there are none. */
function errorPositions(difference: Uint8Array): number[] | null {
  if (difference.every((value) => value === 0)) return [];
  const locator = errorLocator(difference);
  const errors = locator.length - 1;
  if (errors > MOST_ERRORS) return null;
  const values = valuesEverywhere(locator);
  const positions: number[] = [];
  for (let j = 0; j < LENGTH; j++) if (values[j] === 0) positions.push(j);
  return positions.length === errors ? positions : null;
}

/** Coefficients of a polynomial whose degree is at most the number of syndromes. */
const COEFFICIENTS = 2 * MOST_ERRORS + 1;

/**
 * The polynomial of lowest degree whose coefficients generate the syndromes (Berlekamp and Massey); its roots are the
 * inverses of the error positions. Its constant coefficient is 1.
 */
function errorLocator(odd: Uint8Array): Uint8Array {
  const syndromes = new Uint8Array(2 * MOST_ERRORS + 1);
  for (let m = 1; m <= 2 * MOST_ERRORS; m++)
    syndromes[m] = m % 2 === 1 ? odd[m >> 1] : multiply(syndromes[m / 2], syndromes[m / 2]);
  let locator = new Uint8Array(COEFFICIENTS);
  let before = new Uint8Array(COEFFICIENTS);
  let next = new Uint8Array(COEFFICIENTS);
  locator[0] = before[0] = 1;
  let [degree, shift, divisor] = [0, 1, 1];
  for (let n = 0; n < 2 * MOST_ERRORS; n++, shift++) {
    let discrepancy = syndromes[n + 1];
    for (let i = 1; i <= degree; i++) discrepancy ^= multiply(locator[i], syndromes[n + 1 - i]);
    if (discrepancy === 0) continue;
    const factor = divide(discrepancy, divisor);
    next.set(locator);
    const last = Math.max(degree, n + 1 - degree);
    for (let i = 0; i + shift <= last; i++) next[i + shift] ^= multiply(factor, before[i]);
    if (2 * degree <= n) {
      [before, locator, next] = [locator, next, before];
      [divisor, shift, degree] = [discrepancy, 0, n + 1 - degree];
    } else [locator, next] = [next, locator];
  }
  return locator.subarray(0, degree + 1);
}

/** For each degree and each coefficient, its term at all 256 places, of which the last is not used; made at first use. */
let terms: Uint32Array | undefined;
const WORDS = 64;

function termsOfPolynomials(): Uint32Array {
  const bytes = new Uint8Array((MOST_ERRORS + 1) * 256 * 4 * WORDS);
  for (let degree = 0; degree <= MOST_ERRORS; degree++)
    for (let coefficient = 1; coefficient < 256; coefficient++)
      for (let j = 0; j < LENGTH; j++)
        bytes[(degree * 256 + coefficient) * 256 + j] =
          power[(logarithm[coefficient] + degree * (LENGTH - j)) % LENGTH];
  return new Uint32Array(bytes.buffer);
}

/** The values of a polynomial at the inverses of all powers of the primitive element, [255]. */
function valuesEverywhere(polynomial: Uint8Array): Uint8Array {
  terms ??= termsOfPolynomials();
  const sum = new Uint32Array(WORDS);
  for (const [degree, coefficient] of polynomial.entries()) {
    const from = (degree * 256 + coefficient) * WORDS;
    for (let i = 0; i < WORDS; i++) sum[i] ^= terms[from + i];
  }
  return new Uint8Array(sum.buffer);
}
