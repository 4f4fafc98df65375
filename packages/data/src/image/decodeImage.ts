import { readFile } from 'node:fs/promises';
import { InputError, type Pixels } from '@nonlocal-med/core';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { toGrayscale, toRgb } from './channels.js';

/** How to decode an image file. */
export interface DecodeOptions {
  /** Channels of the result; default: those of the file. */
  readonly color?: 'rgb' | 'grey';
  /** Larger images are refused before anything is decoded, since a file of a few bytes can claim gigabytes. */
  readonly maximumPixels?: number;
  /** The name that errors use for an image given as bytes. */
  readonly name?: string;
}

/**
 * Decodes a JPEG, PNG, TIFF (first page) or WebP file, or the bytes of one, to 8-bit grayscale or RGB.
 *
 * EXIF and TIFF orientation is applied. 16-bit files are scaled to 8 bits, palettes and CMYK become RGB, transparent
 * pixels are blended with black, and color profiles are ignored as in OpenCV and Pillow; apart from these cases the
 * pixels equal OpenCV's. Strict: a truncated or damaged file is an error even where a viewer would show something.
 *
 * @returns pixels [height, width, 1 or 3]
 * @throws InputError with the file and the reason if it is missing, empty, of another format, too large or damaged
 */
export async function decodeImage(
  source: string | Uint8Array,
  { color, maximumPixels = 100_000_000, name = 'image' }: DecodeOptions = {},
): Promise<Pixels> {
  const path = typeof source === 'string' ? source : name;
  const bytes = typeof source === 'string' ? await readImageFile(source) : source;
  if (bytes.length === 0) throw new InputError({ path, message: 'the file is empty (0 bytes)' });
  const detected = detectFormat(bytes);
  if ('looksLike' in detected)
    throw new InputError({
      path,
      message: `not a supported image: it looks like ${detected.looksLike}`,
      hint: 'JPEG, PNG, TIFF or WebP',
    });
  const zeros = detected.format === 'JPEG' ? findZeroedJpegData(bytes) : undefined;
  if (zeros !== undefined)
    throw new InputError({
      path,
      message: `damaged JPEG file: its image data is all zeros from byte ${zeros}`,
    });
  let pixels: Pixels;
  try {
    pixels = await decodeBytes(bytes, maximumPixels);
  } catch (error) {
    if (error instanceof InputError) throw new InputError({ ...error.issues[0], path });
    throw new InputError(
      { path, message: `damaged or truncated ${detected.format} file: ${decoderReason(error)}` },
      { cause: error },
    );
  }
  return color === 'rgb' ? toRgb(pixels) : color === 'grey' ? toGrayscale(pixels) : pixels;
}

async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'no such file',
      EACCES: 'no permission to read it',
      EISDIR: 'it is a folder',
    };
    throw new InputError({ path, message: reasons[code ?? ''] ?? message }, { cause: error });
  }
}

/** The format that the first bytes announce; for unsupported ones, what the bytes look like. */
function detectFormat(
  bytes: Uint8Array,
): { readonly format: 'JPEG' | 'PNG' | 'TIFF' | 'WebP' } | { readonly looksLike: string } {
  const text = (from: number, to: number): string =>
    String.fromCharCode(...bytes.subarray(from, to));
  const starts = (...values: number[]): boolean => values.every((value, i) => bytes[i] === value);
  if (starts(0xff, 0xd8, 0xff)) return { format: 'JPEG' };
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return { format: 'PNG' };
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4))) return { format: 'TIFF' };
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return { format: 'WebP' };
  if (text(128, 132) === 'DICM') return { looksLike: 'a DICOM file' };
  if (text(0, 3) === 'GIF') return { looksLike: 'a GIF' };
  if (text(0, 2) === 'BM') return { looksLike: 'a BMP' };
  if (/^\s*</.test(text(0, 64))) return { looksLike: 'a web page or other XML text' };
  const first = [...bytes.subarray(0, 4)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  return { looksLike: `a file that begins with the bytes ${first}` };
}

/** A disk sector. Entropy-coded image data never has this many zero bytes in a row. */
const ZERO_SECTOR = new Uint8Array(512);
const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/**
 * The position from which a JPEG's image data is overwritten by zeros, as unfinished downloads and lost sectors leave it,
 * or undefined. JPEG has no checksum, and decoders turn zeros into plausible pixels without complaint.
 */
function findZeroedJpegData(bytes: Uint8Array): number | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const scan = findFirstScan(bytes);
  if (scan === undefined) return undefined;
  const zeros = file.indexOf(ZERO_SECTOR, scan);
  if (zeros < 0) return undefined;
  const end = file.indexOf(END_OF_IMAGE, scan);
  return end < 0 || zeros < end ? zeros : undefined;
}

/** Position of the first start-of-scan marker; segments before it may be padded with zeros. */
function findFirstScan(bytes: Uint8Array): number | undefined {
  for (
    let at = 2;
    at + 3 < bytes.length && bytes[at] === 0xff;
    at += 2 + bytes[at + 2] * 256 + bytes[at + 3]
  ) {
    if (bytes[at + 1] === 0xda) return at;
  }
  return undefined;
}

async function decodeBytes(bytes: Uint8Array, maximumPixels: number): Promise<Pixels> {
  const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  checkMetadata(metadata, maximumPixels);
  const image = sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: maximumPixels,
    ignoreIcc: true,
    autoOrient: true,
  }).flatten({ background: 'black' });
  const grayscale = metadata.space === 'b-w' || metadata.space === 'grey16';
  const sixteenBit = metadata.depth === 'ushort';
  const { data, info } = await rawPixels(image, { grayscale, sixteenBit }).toBuffer({
    resolveWithObject: true,
  });
  if (info.channels !== (grayscale ? 1 : 3))
    throw new Error(`${info.channels} channels instead of ${grayscale ? 1 : 3}`);
  const values = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return {
    data: sixteenBit ? toEightBit(toShorts(values)) : values,
    height: info.height,
    width: info.width,
    channels: info.channels,
  };
}

function checkMetadata({ width, height, depth }: Metadata, maximumPixels: number): void {
  if (width * height > maximumPixels) {
    throw new InputError({
      path: '',
      message: `${width} x ${height} pixels are too many`,
      hint: `at most ${maximumPixels.toLocaleString('en')} pixels`,
    });
  }
  if (depth !== 'uchar' && depth !== 'ushort')
    throw new InputError({
      path: '',
      message: `its values are of type ${depth}`,
      hint: '8-bit or 16-bit unsigned integers',
    });
}

const rawPixels = (
  image: Sharp,
  { grayscale, sixteenBit }: { readonly grayscale: boolean; readonly sixteenBit: boolean },
): Sharp =>
  sixteenBit
    ? image.toColourspace(grayscale ? 'grey16' : 'rgb16').raw({ depth: 'ushort' })
    : image.toColourspace(grayscale ? 'b-w' : 'srgb').raw();

/** Bytes of a pooled buffer as 16-bit values, copied where they are not aligned. */
function toShorts(bytes: Uint8Array): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
}

/**
 * Scales 16-bit values to 8 bits, rounded. The full range is kept, so that brightness stays comparable between images:
 * no stretching by each image's own extremes. An image without a value of 4096 or more is taken for the 12 bits of an
 * X-ray detector in a 16-bit file.
 */
function toEightBit(values: Uint16Array): Uint8Array {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  const scale = 255 / (largest < 4096 ? 4095 : 65535);
  const result = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = values[i] * scale + 0.5;
  return result;
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
