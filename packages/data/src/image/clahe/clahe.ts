import type { PixelData, Pixels } from '@nonlocal-med/core';
import { type Lab, labToRgb, rgbToLab } from '../lab.js';
import { type ClaheKernel, claheKernel } from './claheKernel.js';
import { type ClaheGrid, claheGrid, clahePortable } from './clahePortable.js';

/** The plane's size, and how CLAHE divides it and limits the contrast, in OpenCV's terms. */
export interface ClaheOptions {
  readonly width: number;
  readonly height: number;
  /** Contrast limit in multiples of a uniform histogram's bin; 0 for no limit; default: 2. */
  readonly clipLimit?: number;
  /** Tiles along the width; default: 8. */
  readonly tilesX?: number;
  /** Tiles along the height; default: 8. */
  readonly tilesY?: number;
}

/** The grid and kernel of the last size, which is usually the next one, too. */
let prepared: { readonly grid: ClaheGrid; readonly kernel: ClaheKernel | null } | undefined;
let labBuffer: Lab | undefined;

/**
 * Contrast limited adaptive histogram equalization of an 8-bit plane [height, width], equal to OpenCV's
 * `createCLAHE(clipLimit, (tilesX, tilesY)).apply(plane)` bit for bit (spec 7.1; clahe.cpp). What depends on the size
 * alone is kept for the next call with that size; with `output` (which may be the plane itself) a call allocates
 * nothing that grows with the image.
 *
 * @param options `output`, if given, receives the result, [height, width]
 * @returns the equalized plane, [height, width]
 * @throws RangeError if the plane's length is not width * height, or an option is out of range
 *
 * @example
 * ```ts
 * import { clahe } from '@nonlocal-med/data';
 *
 * // A low-contrast plane of 64 x 64 pixels: levels 100 to 130.
 * const plane = Uint8Array.from({ length: 64 * 64 }, (_, i) => 100 + ((i * 7) % 31));
 * const equalized = clahe(plane, { width: 64, height: 64, clipLimit: 8, tilesX: 2, tilesY: 2 });
 * console.log(Math.min(...equalized), Math.max(...equalized)); // 11 251
 * ```
 */
export function clahe(
  plane: Uint8Array,
  {
    width,
    height,
    clipLimit = 2,
    tilesX = 8,
    tilesY = 8,
    output = new Uint8Array(plane.length),
  }: ClaheOptions & { readonly output?: Uint8Array },
): Uint8Array {
  checkClahe('clahe', {
    length: plane.length,
    expected: width * height,
    outputLength: output.length,
    options: { width, height, clipLimit, tilesX, tilesY },
  });
  const { grid, kernel } = prepare({ width, height, tilesX, tilesY });
  return kernel === null
    ? clahePortable(plane, { grid, clipLimit, output })
    : kernel(plane, clipLimit, output);
}

/**
 * CLAHE of an RGB image [height, width, 3]: {@link clahe} on the lightness of CIE LAB, with the color preserved (spec
 * 7.4, the most common form for fundus images). Lightness is rounded to 8 bits; a and b are not.
 *
 * @param options `output`, if given, receives the result; it may be `rgb` itself
 * @returns the equalized image, [height, width, 3]
 * @throws RangeError if the length is not 3 * width * height, or an option is out of range
 */
export function claheLab(
  rgb: Uint8Array,
  {
    width,
    height,
    clipLimit = 2,
    tilesX = 8,
    tilesY = 8,
    output = new Uint8Array(rgb.length),
  }: ClaheOptions & { readonly output?: Uint8Array },
): Uint8Array {
  checkClahe('claheLab', {
    length: rgb.length,
    expected: 3 * width * height,
    outputLength: output.length,
    options: { width, height, clipLimit, tilesX, tilesY },
  });
  if (labBuffer?.lightness.length !== width * height) labBuffer = rgbToLab(rgb);
  else rgbToLab(rgb, labBuffer);
  const { lightness } = labBuffer;
  clahe(lightness, { width, height, clipLimit, tilesX, tilesY, output: lightness });
  return labToRgb(labBuffer, output);
}

/**
 * {@link clahe} for 16-bit planes [height, width]: 65,536 bins, values 0..65535, equal to OpenCV's on CV_16UC1. It
 * preserves the fine steps of X-rays with 12 or more bits, which conversion to 8 bits before CLAHE would lose. With so many
 * bins, the clip limit is one or two pixels per bin in all but large tiles, so that it limits contrast less than in 8
 * bits. Runs as JavaScript.
 *
 * @param options `output`, if given, receives the result; it may be the plane itself
 * @returns the equalized plane, [height, width]
 * @throws RangeError if the plane's length is not width * height, or an option is out of range
 */
export function clahe16(
  plane: Uint16Array,
  {
    width,
    height,
    clipLimit = 2,
    tilesX = 8,
    tilesY = 8,
    output = new Uint16Array(plane.length),
  }: ClaheOptions & { readonly output?: Uint16Array },
): Uint16Array {
  checkClahe('clahe16', {
    length: plane.length,
    expected: width * height,
    outputLength: output.length,
    options: { width, height, clipLimit, tilesX, tilesY },
  });
  const grid = claheGrid({ width, height, tilesX, tilesY });
  return clahePortable(plane, { grid, clipLimit, output });
}

/**
 * CLAHE of an image of either depth: of its plane, or of the lightness of a color image ({@link claheLab}).
 *
 * @returns pixels of the same shape and depth
 * @throws RangeError if an option is out of range
 */
export function equalize<Data extends PixelData>(
  pixels: Pixels<Data>,
  grid: Pick<ClaheOptions, 'clipLimit' | 'tilesX' | 'tilesY'>,
): Pixels<Data> {
  const { data, width, height, channels } = pixels;
  const options = { ...grid, width, height };
  const apply = (levels: PixelData): PixelData => {
    if (levels instanceof Uint16Array)
      return channels === 1 ? clahe16(levels, options) : claheLab16(levels, options);
    return channels === 1 ? clahe(levels, options) : claheLab(levels, options);
  };
  return { ...pixels, data: apply(data) as Data };
}

/** {@link claheLab} with 16-bit lightness ({@link clahe16}). */
function claheLab16(rgb: Uint16Array, options: ClaheOptions): Uint16Array {
  const lab = rgbToLab(rgb);
  clahe16(lab.lightness, { ...options, output: lab.lightness });
  return labToRgb(lab);
}

function prepare(size: Parameters<typeof claheGrid>[0]): NonNullable<typeof prepared> {
  if (prepared !== undefined) {
    const { columns, rows } = prepared.grid;
    if (
      columns.length === size.width &&
      rows.length === size.height &&
      columns.tiles === size.tilesX &&
      rows.tiles === size.tilesY
    )
      return prepared;
  }
  const grid = claheGrid(size);
  prepared = { grid, kernel: claheKernel(grid) };
  return prepared;
}

interface ClaheInput {
  readonly length: number;
  readonly expected: number;
  readonly outputLength: number;
  readonly options: Required<ClaheOptions>;
}

function checkClahe(
  caller: string,
  { length, expected, outputLength, options: { clipLimit, ...integers } }: ClaheInput,
): void {
  for (const [name, value] of Object.entries(integers)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${caller} needs an integer ${name} of at least 1, got ${value}.`);
  }
  if (length !== expected)
    throw new RangeError(
      `${caller} needs ${expected} values for ${integers.width} x ${integers.height} pixels, got ${length}.`,
    );
  if (!(clipLimit >= 0 && clipLimit < Infinity))
    throw new RangeError(
      `${caller} needs a finite clip limit of at least 0 (0 for no limit), got ${clipLimit}.`,
    );
  if (outputLength !== length)
    throw new RangeError(`${caller} needs an output of ${length} values, got ${outputLength}.`);
}
