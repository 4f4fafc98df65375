import { createHash } from 'node:crypto';
import { createRandom, type Dataset, type Pixels, type Sample } from '@nonlocal-med/core';
import { drawRetina } from './drawRetina.js';
import { paintRetina } from './paintRetina.js';
import { placeDots, SHALLOWEST_DOT } from './placeDots.js';

/** Which images of which synthetic set to generate. */
export interface TinyLesionsOptions extends Omit<TinyLesionsImageOptions, 'index'> {
  /** Number of images; the classes alternate. Default: 600. */
  readonly count?: number;
  /** Index of the first image; disjoint ranges of one seed give comparable training and test sets. Default: 0. */
  readonly first?: number;
}

const CLASSES = {
  2: ['no dots', 'dots'],
  4: ['no dots', '1 to 5 dots', '6 to 14 dots', '15 or more dots'],
} as const;

/**
 * Generates the synthetic "tiny lesions" set in memory, with pixels and lesion masks: about 5 ms per image at 96 pixels.
 * The task can be learned from scratch in minutes, but not from colors alone (docs/synthetic.md shows what networks
 * achieve).
 *
 * @returns samples with pixels [size, size, 3] and masks [size, size, 1]
 * @throws RangeError if the size is below 64
 */
export function tinyLesionsDataset({
  size = 96,
  count = 600,
  seed = 0,
  classes = 4,
  first = 0,
}: TinyLesionsOptions = {}): Dataset {
  const hash = createHash('sha256');
  const samples: Sample[] = [];
  for (let index = first; index < first + count; index++) {
    const { pixels, mask, label } = tinyLesionsImage({ size, seed, index, classes });
    const id = `tiny-lesions-${seed}-${String(index).padStart(5, '0')}`;
    hash.update(`${id}\0${label}\0`).update(pixels.data).update(mask.data);
    samples.push({ id, label, pixels, mask });
  }
  return {
    name: `tiny lesions, ${classes} classes, ${size} px, seed ${seed}`,
    classes: CLASSES[classes],
    samples,
    skipped: [],
    fingerprint: hash.digest('hex'),
  };
}

/** Which image of which synthetic set to generate. */
export interface TinyLesionsImageOptions {
  /** Height and width in pixels, at least 64; default: 96. */
  readonly size?: number;
  readonly seed?: number;
  readonly index: number;
  /** 4 (default): the grades 0 (no dots), 1 (1 to 5), 2 (6 to 14), 3 (15 to 28); 2: without and with dots. */
  readonly classes?: 2 | 4;
}

/** One image of the synthetic set. */
export interface TinyLesionsImage {
  /** [size, size, 3] */
  readonly pixels: Pixels;
  /** 1 where a dot covers at least half of the pixel, [size, size, 1]. */
  readonly mask: Pixels;
  readonly label: number;
  /** Number of dots in the image. */
  readonly count: number;
}

/** Fewest and most dots of each grade; for grades 0 to 2, MESSIDOR's limits on microaneurysms. */
const DOTS = [
  [0, 0],
  [1, 5],
  [6, 14],
  [15, 28],
] as const;

/**
 * Generates image `index` of the synthetic "tiny lesions" set: a fundus with microaneurysm-like dots of 1.5 to 4 pixels.
 * It depends only on the options, so any image can be generated anywhere, in any order. Grades alternate with the index;
 * the retina comes from a separate random stream and is independent of the grade.
 *
 * @throws RangeError if the size is below 64, or the index is not an integer of at least 0
 */
export function tinyLesionsImage({
  size = 96,
  seed = 0,
  index,
  classes = 4,
}: TinyLesionsImageOptions): TinyLesionsImage {
  if (!Number.isInteger(size) || size < 64)
    throw new RangeError(`tinyLesionsImage needs an integer size of at least 64, got ${size}.`);
  if (!Number.isInteger(index) || index < 0)
    throw new RangeError(`tinyLesionsImage needs an integer index of at least 0, got ${index}.`);
  const grade = classes === 4 ? index % 4 : index % 2 === 0 ? 0 : 1 + (((index - 1) / 2) % 3);
  const random = createRandom(seed, 'tiny-lesions', size, index, 'retina');
  const dotRandom = createRandom(seed, 'tiny-lesions', size, index, 'dots');
  const [fewest, most] = DOTS[grade];
  const count = fewest + dotRandom.integer(most - fewest + 1);
  let retina = drawRetina(random, size);
  let dots = placeDots(dotRandom, retina, count);
  // A retina too crowded for the dots is replaced by another one.
  for (; dots === undefined; dots = placeDots(dotRandom, retina, count))
    retina = drawRetina(random, size);
  const pixels = paintRetina(random, retina, dots);
  const covered = 0.5 * SHALLOWEST_DOT * retina.tone;
  const mask: Pixels = {
    data: Uint8Array.from(dots.data, (depth) => (depth > covered ? 1 : 0)),
    height: size,
    width: size,
    channels: 1,
  };
  return { pixels, mask, label: classes === 4 ? grade : Math.min(grade, 1), count };
}
