import type { Issue, PixelValues } from '@nonlocal-med/core';
import { bitsOf, describeValues } from '../image/scaleValues.js';
import { countOf, shortList } from '../noteText.js';
import type { ImageFacts } from './checkImage.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import { decideDicomValues, isDicom } from './dicomValues.js';

/** An image with what checking found about its values. */
export interface ValuedImage {
  readonly id: string;
  /** The path that `id` would be if it were not a hash. */
  readonly namedId?: string;
  readonly issuePath: string;
  readonly facts: ImageFacts;
}

/** The scale of a data set's values, and what is wrong with it or worth knowing. */
export interface DatasetValues {
  readonly values: PixelValues;
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/** The options that decide on a scale. */
export interface ValueOptions extends Pick<
  ResolvedDataOptions,
  'path' | 'bits' | 'valueRange' | 'window'
> {
  /** The scale of a model that the images are for; they have to fit it. */
  readonly modelValues?: PixelValues;
}

/**
 * Decides once for all images of a data set which of their values become black and white. Options come first, then what
 * the files say about themselves (PNG's sBIT, TIFF's MaxSampleValue), then the largest value of all images, rounded up
 * to 10, 12, 14 or 16 bits; for floating-point values 0 to 1 or their smallest and largest value. Images of different
 * depths are an issue: no scale suits them all.
 */
export function decideValues(images: readonly ValuedImage[], options: ValueOptions): DatasetValues {
  if (images.some(isDicom)) return decideDicomValues(images, options);
  const { path, bits, valueRange, modelValues } = options;
  const decided = { issues: [], notes: [] };
  const mixed = findMixedDepths(images, path);
  if (mixed.length > 0 || images.length === 0)
    return { ...decided, values: '8-bit', issues: mixed };
  const { depth } = images[0].facts;
  const given = givenValues({ bits, valueRange, modelValues });
  if (given !== undefined) {
    const issues = findUnfitting(images, { ...given, path });
    const outside = isRange(given.values) ? describeClipped(images, given.values) : [];
    return { values: given.values, issues, notes: issues.length > 0 ? [] : outside };
  }
  if (depth === 8) return { ...decided, values: '8-bit' };
  const { values, because } = depth === 16 ? integerValues(images) : floatValues(images);
  const option = depth === 16 ? '--bits or data.valueRange' : 'data.valueRange';
  const note = `Scale: ${describeValues(values)}, black to white, in all ${countOf(images.length, 'image')}, ${because}; ${option} sets another one.`;
  return { ...decided, values, notes: [note] };
}

interface GivenValues {
  readonly values: PixelValues;
  /** How issues name where the scale comes from. */
  readonly origin: string;
}

function givenValues({
  bits,
  valueRange,
  modelValues,
}: Omit<ValueOptions, 'path' | 'window'>): GivenValues | undefined {
  if (modelValues !== undefined)
    return { values: modelValues, origin: 'the scale of the model (preprocessing.values) is' };
  if (valueRange !== undefined) return { values: valueRange, origin: 'data.valueRange is' };
  if (bits !== undefined)
    return { values: bits === 8 ? '8-bit' : [0, 2 ** bits - 1], origin: 'data.bits is' };
  return undefined;
}

const isRange = (values: PixelValues): values is readonly [number, number] => Array.isArray(values);

/** Images of another depth than most. */
function findMixedDepths(images: readonly ValuedImage[], path: string): Issue[] {
  const byDepth = new Map<number, ValuedImage[]>();
  for (const image of images) {
    const { depth } = image.facts;
    const members = byDepth.get(depth);
    if (members === undefined) byDepth.set(depth, [image]);
    else members.push(image);
  }
  const [most, ...others] = [...byDepth].sort(([, a], [, b]) => b.length - a.length);
  if (others.length === 0) return [];
  const listed = others.map(
    ([depth, members]) =>
      `${countOf(members.length, 'image')} ${members.length === 1 ? 'has' : 'have'} ${depthText(depth)} (${shortList(
        members.map(({ id }) => id),
        10,
      )})`,
  );
  return [
    {
      path,
      message: `mixes bit depths: ${listed.join('; ')}, the other ${most[1].length.toLocaleString('en')} ${depthText(most[0])}. Their brightness cannot be compared`,
      hint: 'save all images with the same depth, or remove these',
    },
  ];
}

const depthText = (depth: number): string =>
  depth === 32 ? 'floating-point values' : `${depth} bits`;

/** Images that a given scale does not suit: of another depth, or with values that the bits exclude. */
function findUnfitting(
  images: readonly ValuedImage[],
  { values, origin, path }: GivenValues & { readonly path: string },
): Issue[] {
  const { depth } = images[0].facts;
  if (isRange(values) === (depth === 8))
    return [
      {
        path,
        message: `its images have ${depthText(depth)}, but ${origin} ${describeValues(values)}`,
        hint: 'images of this depth, or another scale',
      },
    ];
  if (!isRange(values) || bitsOf(values) === undefined) return [];
  const over = images.filter(({ facts }) => facts.values![1] > values[1]);
  if (over.length === 0) return [];
  const largest = largestOf(over);
  return [
    {
      path,
      message: `${countOf(over.length, 'image')} ${over.length === 1 ? 'has' : 'have'} values up to ${largest.toLocaleString('en')}, but ${origin} ${describeValues(values)}: ${shortList(
        over.map(({ id }) => id),
        10,
      )}`,
      hint: 'more bits, or data.valueRange, which clips values on purpose',
    },
  ];
}

/** How many images a given range clips. */
function describeClipped(
  images: readonly ValuedImage[],
  [black, white]: readonly [number, number],
): string[] {
  const clipped = images.filter(
    ({ facts: { values } }) => values !== undefined && (values[0] < black || values[1] > white),
  );
  if (clipped.length === 0) return [];
  return [
    `${clipped.length.toLocaleString('en')} of ${countOf(images.length, 'image')} ${clipped.length === 1 ? 'has' : 'have'} values outside ${black} to ${white}, which become black or white: ${shortList(clipped.map(({ id }) => id))}.`,
  ];
}

interface DecidedValues {
  readonly values: PixelValues;
  readonly because: string;
}

function integerValues(images: readonly ValuedImage[]): DecidedValues {
  const largest = largestOf(images);
  // PNG wants values of fewer bits to be stretched over all 16; files that were stretched exceed what they declare.
  const declaredMaximum = images.reduce(
    (most, { facts }) => Math.max(most, facts.declaredMaximum ?? Infinity),
    0,
  );
  if (declaredMaximum >= largest && declaredMaximum < Infinity)
    return {
      values: [0, 2 ** roundUpBits(declaredMaximum) - 1],
      because: 'as the files declare',
    };
  return {
    values: [0, 2 ** roundUpBits(largest) - 1],
    because: `by their largest value, ${largest.toLocaleString('en')}`,
  };
}

/** The usual number of bits that holds values up to this maximum. */
function roundUpBits(maximum: number): number {
  return [10, 12, 14, 16].find((bits) => maximum < 2 ** bits) ?? 16;
}

function floatValues(images: readonly ValuedImage[]): DecidedValues {
  const smallest = images.reduce((least, { facts }) => Math.min(least, facts.values![0]), Infinity);
  const largest = largestOf(images);
  if (smallest >= 0 && largest <= 1)
    return { values: [0, 1], because: 'which holds all their values' };
  return {
    values: [smallest, largest > smallest ? largest : smallest + 1],
    because: 'their smallest and largest value',
  };
}

/** Without spreading: a data set may have more images than a function may have arguments. */
const largestOf = (images: readonly ValuedImage[]): number =>
  images.reduce((most, { facts }) => Math.max(most, facts.values![1]), -Infinity);

/** A note on files of which only the first page is used. */
export function describePages(images: readonly ValuedImage[]): string[] {
  const several = images.filter(({ facts }) => (facts.pages ?? 1) > 1);
  if (several.length === 0) return [];
  return [
    `${countOf(several.length, 'file')} ${several.length === 1 ? 'has' : 'have'} several pages, of which only the first is used: ${shortList(
      several.map(({ id, facts }) => `${id} (${facts.pages!.toString()})`),
    )}.`,
  ];
}
