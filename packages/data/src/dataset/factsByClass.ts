import type { ImageFacts } from './checkImage.js';

/** What the files of one class are like, without what they show: to compare it with the other classes. */
export interface ClassFacts {
  readonly name: string;
  /** The most common size in pixels, and the fraction of the images that have it. */
  readonly size: { readonly width: number; readonly height: number; readonly share: number };
  /** Number of different sizes. */
  readonly sizes: number;
  /** Width divided by height. */
  readonly aspect: Spread;
  /** Size of the files. */
  readonly bytes: Spread;
  /** Mean level of the border, 0 to 255. */
  readonly borderMean: Spread;
  /** Fraction of black pixels in the border, 0 to 1. */
  readonly borderBlack: Spread;
  /** Kinds of pixels and files, the most common first: "grey, 8 bit, jpeg". */
  readonly kinds: readonly { readonly kind: string; readonly images: number }[];
}

/** The middle of some values and where nine of ten lie. */
export interface Spread {
  readonly median: number;
  /** The 5th and the 95th percentile. */
  readonly from: number;
  readonly to: number;
}

interface CheckedImage {
  readonly label: number;
  /** Task `multilabel`: 1 present, 0 absent, -1 not known. */
  readonly findings?: readonly number[];
  readonly facts?: ImageFacts;
}

/**
 * Facts on the files of each class, or of the images with each finding and of those without any; classes and findings
 * without a checked image are left out.
 */
export function factsByClass(
  samples: readonly CheckedImage[],
  classes: readonly string[],
): ClassFacts[] {
  const severalFindings = samples.some(({ findings }) => findings !== undefined);
  const names = severalFindings ? [...classes, 'none of them'] : classes;
  const isIn = ({ label, findings }: CheckedImage, index: number): boolean => {
    if (findings === undefined) return label === index;
    return index < classes.length ? findings[index] === 1 : !findings.includes(1);
  };
  return names.flatMap((name, index): ClassFacts[] => {
    const facts = samples.flatMap((sample) =>
      isIn(sample, index) && sample.facts !== undefined ? [sample.facts] : [],
    );
    if (facts.length === 0) return [];
    const sizes = countBy(facts, ({ width, height }) => `${width} ${height}`);
    const [width, height] = sizes[0].key.split(' ').map(Number);
    return [
      {
        name,
        size: { width, height, share: sizes[0].images / facts.length },
        sizes: sizes.length,
        aspect: spreadOf(facts.map((entry) => entry.width / entry.height)),
        bytes: spreadOf(facts.map(({ bytes }) => bytes)),
        borderMean: spreadOf(facts.map(({ border }) => border.mean)),
        borderBlack: spreadOf(facts.map(({ border }) => border.black)),
        kinds: countBy(facts, kindOfFile).map(({ key, images }) => ({ kind: key, images })),
      },
    ];
  });
}

/** Channels, depth and format of a file: "grey, 8 bit, jpeg". */
export const kindOfFile = ({ color, depth, format }: ImageFacts): string =>
  `${color}, ${depth} bit, ${format}`;

/** How often each key occurs, the most common first. */
function countBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): { readonly key: string; readonly images: number }[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return [...counts]
    .map(([key, images]) => ({ key, images }))
    .sort((a, b) => b.images - a.images || (a.key < b.key ? -1 : 1));
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (fraction: number): number => sorted[Math.round(fraction * (sorted.length - 1))];
  return { median: at(0.5), from: at(0.05), to: at(0.95) };
}
