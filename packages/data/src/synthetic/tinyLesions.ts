import { createHash } from 'node:crypto';
import { createRandom, type Dataset, type Pixels, type Sample } from '@nonlocal-med/core';
import { drawRetina } from './drawRetina.js';
import { paintRetina } from './paintRetina.js';
import { placeDots, SHALLOWEST_DOT } from './placeDots.js';

/** The set to make. */
export interface TinyLesionsOptions extends Omit<TinyLesionsImageOptions, 'index'> {
  /** Images to make; the classes take turns. */
  readonly count?: number;
  /** Index of the first image: disjoint ranges of one seed make training and test sets of one kind. */
  readonly first?: number;
}

const CLASSES = {
  2: ['no dots', 'dots'],
  4: ['no dots', '1 to 5 dots', '6 to 14 dots', '15 or more dots'],
} as const;

/**
 * The synthetic "tiny lesions" set in memory, pixels and lesion masks: about 5 ms an image at 96 pixels. Its task can be
 * learned from scratch in minutes and not from colours alone (docs/synthetic.md has what networks make of it).
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

/** Fewest and most dots of each grade; MESSIDOR's limits on microaneurysms for grades 0 to 2. */
const DOTS = [
  [0, 0],
  [1, 5],
  [6, 14],
  [15, 28],
] as const;

/** One image of the synthetic set. */
export interface TinyLesionsImage {
  readonly pixels: Pixels;
  /** 1 where a dot covers half of the pixel or more, one channel. */
  readonly mask: Pixels;
  readonly label: number;
  /** Dots in the image. */
  readonly count: number;
}

/** Which image of which set. */
export interface TinyLesionsImageOptions {
  /** Height and width in pixels, at least 64. */
  readonly size?: number;
  readonly seed?: number;
  readonly index: number;
  /** 4: the grades 0 (no dot), 1 (1 to 5), 2 (6 to 14), 3 (15 to 28); 2: without and with dots. */
  readonly classes?: 2 | 4;
}

/**
 * Image `index` of the synthetic "tiny lesions" set: a fundus with microaneurysm-like dots of 1.5 to 4 pixels. It
 * depends on the options alone, so any image can be made anywhere, in any order. Grades take turns with the index;
 * the retina comes from a stream of its own and knows nothing of the grade.
 *
 * @throws RangeError when the size is below 64 or the index no whole number.
 */
export function tinyLesionsImage({
  size = 96,
  seed = 0,
  index,
  classes = 4,
}: TinyLesionsImageOptions): TinyLesionsImage {
  if (!Number.isInteger(size) || size < 64)
    throw new RangeError(`tinyLesionsImage takes a whole size of at least 64 pixels, got ${size}.`);
  if (!Number.isInteger(index) || index < 0)
    throw new RangeError(`tinyLesionsImage takes a whole index of at least 0, got ${index}.`);
  const grade = classes === 4 ? index % 4 : index % 2 === 0 ? 0 : 1 + (((index - 1) / 2) % 3);
  const random = createRandom(seed, 'tiny-lesions', size, index, 'retina');
  const dotted = createRandom(seed, 'tiny-lesions', size, index, 'dots');
  const [fewest, most] = DOTS[grade];
  const count = fewest + dotted.integer(most - fewest + 1);
  // A crowded retina is drawn anew.
  let retina = drawRetina(random, size);
  let dots = placeDots(dotted, retina, count);
  for (; dots === undefined; dots = placeDots(dotted, retina, count))
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
