import { InputError } from '@nonlocal-med/core';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { WindowSource } from '../dicom/displayLevels.js';
import { checkJpeg, checkPages, checkSize, supportedFormat } from './fileChecks.js';
import { repairJpegHeader } from './jpeg/jpegSegments.js';
import { toShorts } from './levels.js';
import { extraChannels, readTiffDirectories, type TiffDirectory } from './tiffDirectory.js';

/** The values of an image file as they are stored, before they are scaled to levels. */
export interface RawImage {
  readonly values: Uint8Array | Uint16Array | Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Whether small values are bright and still to be inverted (TIFF's "white is zero" beyond 8 bits). */
  readonly whiteIsZero: boolean;
  /** The largest value that the file's own data says is in use, e.g. 4095 for 12 bits in a 16-bit file. */
  readonly declaredMaximum?: number;
  /** Pages of a TIFF file, or frames of an animation. */
  readonly pages: number;
  /** jpeg, png, tiff, webp or dicom. */
  readonly format: string;
  /** What only DICOM images have: their values are levels from 0 to 65,535 as their file says that it is displayed. */
  readonly dicom?: {
    /** Bits in use of each stored value. */
    readonly bits: number;
    /** Where the levels come from; absent in color. */
    readonly source?: WindowSource;
    /** How many windows the file has. */
    readonly windows: number;
    /** Values after the modality LUT or rescale, e.g. Hounsfield units, NaN for padding; absent in color. */
    readonly modality?: () => Float32Array;
    /** Whether small modality values are bright. */
    readonly inverted: boolean;
  };
}

/**
 * Decodes the first image in a file's bytes to its stored values: 8-bit, 16-bit or floating-point.
 *
 * @throws InputError without a path if the content is of another format, too large, damaged, or has channels without a
 *   known meaning
 */
export async function decodeRaw(bytes: Uint8Array, maximumPixels: number): Promise<RawImage> {
  const format = supportedFormat(bytes);
  if (format === 'DICOM') throw new Error('decodeBytes decodes DICOM files');
  if (format === 'JPEG') checkJpeg(bytes);
  const pages = format === 'TIFF' ? readTiffDirectories(bytes) : [];
  checkPages(pages);
  try {
    return await decodeOrRepair(bytes, { maximumPixels, pages });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      { path: '', message: `damaged or truncated ${format} file: ${decoderReason(error)}` },
      { cause: error },
    );
  }
}

interface DecodeSettings {
  readonly maximumPixels: number;
  readonly pages: readonly TiffDirectory[];
}

/** Strict: the decoder's complaints are errors, except for those about a JPEG header that concern no pixel. */
async function decodeOrRepair(bytes: Uint8Array, settings: DecodeSettings): Promise<RawImage> {
  try {
    return await decodeStrictly(bytes, settings);
  } catch (error) {
    const repaired =
      error instanceof InputError || bytes[0] !== 0xff ? undefined : repairJpegHeader(bytes);
    if (repaired === undefined) throw error;
    return decodeStrictly(repaired, settings);
  }
}

async function decodeStrictly(
  bytes: Uint8Array,
  { maximumPixels, pages: [page] }: DecodeSettings,
): Promise<RawImage> {
  const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  checkMetadata(metadata, maximumPixels);
  const unspecified =
    page !== undefined && extraChannels(page) > 0 && !page.extraSamples.some((kind) => kind > 0);
  const open = (): Sharp =>
    sharp(bytes, {
      // A TIFF that does not declare its channels makes the decoder complain; they are judged here.
      failOn: unspecified ? 'error' : 'warning',
      limitInputPixels: maximumPixels,
      ignoreIcc: true,
      autoOrient: true,
    });
  if (page !== undefined) await checkChannels(page, { open, unspecified });
  const image = unspecified ? open().removeAlpha() : open().flatten({ background: 'black' });
  const stored = await storedValues(image, metadata);
  const facts = fileFacts(bytes, metadata, page);
  // The decoder inverts "white is zero" over the whole 16 bits, which is wrong for files that use fewer.
  if (facts.whiteIsZero && stored.values instanceof Uint16Array)
    return { ...stored, ...facts, values: stored.values.map((value) => 65535 - value) };
  return { ...stored, ...facts };
}

function fileFacts(
  bytes: Uint8Array,
  { format, pages = 1, depth }: Metadata,
  page: TiffDirectory | undefined,
): Pick<RawImage, 'whiteIsZero' | 'declaredMaximum' | 'pages' | 'format'> {
  const bits = format === 'png' && depth === 'ushort' ? significantBits(bytes) : undefined;
  return {
    whiteIsZero: page?.photometric === 0 && depth !== 'uchar',
    declaredMaximum: bits === undefined ? page?.maximumValue : 2 ** bits - 1,
    pages,
    format,
  };
}

function checkMetadata({ width, height, depth }: Metadata, maximumPixels: number): void {
  checkSize({ width, height }, maximumPixels);
  if (depth !== 'uchar' && depth !== 'ushort' && depth !== 'float')
    throw new InputError({
      path: '',
      message: `its values are of type ${depth}`,
      hint: 'supported are unsigned integers of 8 or 16 bits, and 32-bit floating-point values',
    });
}

/** Refuses channels beyond gray, RGB or CMYK whose meaning is not known, unless they carry nothing. */
async function checkChannels(
  page: TiffDirectory,
  { open, unspecified }: { readonly open: () => Sharp; readonly unspecified: boolean },
): Promise<void> {
  const extra = extraChannels(page);
  if (extra === 1 && (!unspecified || (await isOpaque(open())))) return;
  if (extra < 1) return;
  const colors = page.samplesPerPixel - extra;
  const kind = unspecified ? ' of unspecified meaning' : '';
  throw new InputError({
    path: '',
    message: `has ${page.samplesPerPixel} channels: ${colors} of color and ${extra}${kind}`,
    hint: 'supported are one channel (grayscale), three (RGB), and these with an alpha channel that is declared as such',
  });
}

/** Whether the last channel has the same value everywhere. */
async function isOpaque(image: Sharp): Promise<boolean> {
  const plane = await image.extractChannel('alpha').raw().toBuffer();
  return plane.every((value) => value === plane[0]);
}

/** The alpha channel of an image, [height * width]; undefined if it has none, or one value everywhere. */
export async function decodeOpacity(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const { hasAlpha } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (!hasAlpha) return undefined;
  const image = sharp(bytes, { limitInputPixels: false, ignoreIcc: true, autoOrient: true });
  const plane = await image.extractChannel('alpha').raw().toBuffer();
  return plane.every((value) => value === plane[0]) ? undefined : new Uint8Array(plane);
}

type StoredValues = Pick<RawImage, 'values' | 'height' | 'width' | 'channels'>;

async function storedValues(image: Sharp, { space, depth }: Metadata): Promise<StoredValues> {
  if (space === 'cmyk') return cmykValues(image);
  const grayscale = space === 'b-w' || space === 'grey16';
  const { data, info } = await rawPixels(image, { grayscale, space, depth }).toBuffer({
    resolveWithObject: true,
  });
  if (info.channels !== (grayscale ? 1 : 3))
    throw new Error(`${info.channels} channels instead of ${grayscale ? 1 : 3}`);
  const { height, width, channels } = info;
  return { values: valuesOf(data, depth), height, width, channels };
}

function rawPixels(
  image: Sharp,
  { grayscale, space, depth }: { grayscale: boolean } & Pick<Metadata, 'space' | 'depth'>,
): Sharp {
  if (depth === 'ushort')
    return image.toColourspace(grayscale ? 'grey16' : 'rgb16').raw({ depth: 'ushort' });
  // Floating-point values stay as they are only if the color space does, too.
  if (depth === 'float')
    return image.pipelineColourspace(space).toColourspace(space).raw({ depth: 'float' });
  return image.toColourspace(grayscale ? 'b-w' : 'srgb').raw();
}

function valuesOf(data: Buffer, depth: Metadata['depth']): RawImage['values'] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (depth === 'ushort') return toShorts(bytes);
  if (depth !== 'float') return bytes;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** CMYK to RGB without color profiles, in OpenCV's integer arithmetic. */
async function cmykValues(image: Sharp): Promise<StoredValues> {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`${info.channels} channels instead of 4`);
  const values = new Uint8Array((data.length / 4) * 3);
  for (let i = 0, j = 0; i < data.length; i += 4, j += 3) {
    const light = 255 - data[i + 3];
    for (let c = 0; c < 3; c++) values[j + c] = light - ((data[i + c] * light) >> 8);
  }
  return { values, height: info.height, width: info.width, channels: 3 };
}

/** The decoder's message if another thread has taken its details: the decoder keeps them in one place for all threads. */
const WITHOUT_DETAILS = /^(Unknown error|Warning treated as error due to failOn setting)$/;

/** The decoder's first complaint, without its repetitions and the names of its parts. */
function decoderReason(error: unknown): string {
  const [first] = (error as Error).message
    .replace(/^Input (buffer|Buffer) has corrupt header: /, '')
    .split('\n');
  if (WITHOUT_DETAILS.test(first)) return 'its data is incomplete or invalid';
  return first
    .replace(/^\w*(vips|Vips)\w*: /, '')
    .replace(
      'Input buffer contains unsupported image format',
      'its directory or header cannot be read',
    );
}

/** The largest number of significant bits in a PNG's sBIT chunk, if there is one before the image data. */
function significantBits(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === 'sBIT') return Math.max(...bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
    if (name === 'IDAT') return undefined;
  }
  return undefined;
}
