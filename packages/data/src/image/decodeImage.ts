import { readFile } from 'node:fs/promises';
import { InputError, type Pixels } from '@nonlocal-med/core';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { imageFormat } from './imageFormat.js';
import { toEightBit } from './toEightBit.js';
import { toGrey } from './toGrey.js';
import { toRgb } from './toRgb.js';
import { zeroedBlock } from './zeroedBlock.js';

/** What to make of an image file. */
export interface DecodeOptions {
  /** Channels of the result; those of the file unless given. */
  readonly color?: 'rgb' | 'grey';
  /** Images of more pixels are refused before anything is decoded: a file of a few bytes can claim gigabytes. */
  readonly maximumPixels?: number;
  /** What errors call an image that comes as bytes. */
  readonly name?: string;
}

/**
 * Decodes a JPEG, PNG, TIFF (first page) or WebP file, or the bytes of one, to 8-bit grey or RGB.
 *
 * EXIF and TIFF orientation is applied. 16-bit files are scaled to 8 bits (`toEightBit`), palettes and CMYK become RGB,
 * transparent pixels are laid over black, colour profiles are ignored as in OpenCV and Pillow; without those, the pixels
 * are OpenCV's own. Strict: a truncated or damaged file is an error even where a viewer would show something.
 *
 * @throws InputError with the file and the reason when it is missing, empty, of another format, too large or damaged.
 */
export async function decodeImage(
  source: string | Uint8Array,
  { color, maximumPixels = 100_000_000, name = 'image' }: DecodeOptions = {},
): Promise<Pixels> {
  const where = typeof source === 'string' ? source : name;
  const bytes = typeof source === 'string' ? await read(source) : source;
  if (bytes.length === 0)
    throw new InputError({ path: where, message: 'the file is empty (0 bytes)' });
  const kind = imageFormat(bytes);
  if ('looksLike' in kind)
    throw new InputError({
      path: where,
      message: `not an image that is read: it looks like ${kind.looksLike}`,
      hint: 'JPEG, PNG, TIFF or WebP',
    });
  const zeros = kind.format === 'JPEG' ? zeroedBlock(bytes) : undefined;
  if (zeros !== undefined)
    throw new InputError({
      path: where,
      message: `damaged JPEG file: its image data is nothing but zeros from byte ${zeros} on`,
    });
  let pixels: Pixels;
  try {
    pixels = await decode(bytes, maximumPixels);
  } catch (error) {
    if (error instanceof InputError) throw new InputError({ ...error.issues[0], path: where });
    throw new InputError(
      { path: where, message: `damaged or cut off ${kind.format} file: ${reasonOf(error)}` },
      { cause: error },
    );
  }
  return color === 'rgb' ? toRgb(pixels) : color === 'grey' ? toGrey(pixels) : pixels;
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'no such file',
      EACCES: 'no permission to read it',
      EISDIR: 'it is a folder',
    };
    throw new InputError({ path: file, message: reasons[code ?? ''] ?? message }, { cause: error });
  }
}

async function decode(bytes: Uint8Array, maximumPixels: number): Promise<Pixels> {
  const facts = await sharp(bytes, { limitInputPixels: false }).metadata();
  checkFacts(facts, maximumPixels);
  const image = sharp(bytes, {
    failOn: 'warning',
    limitInputPixels: maximumPixels,
    ignoreIcc: true,
    autoOrient: true,
  }).flatten({ background: 'black' });
  const grey = facts.space === 'b-w' || facts.space === 'grey16';
  const { data, info } = await (
    facts.depth === 'ushort' ? sixteenBit(image, grey) : eightBit(image, grey)
  ).toBuffer({ resolveWithObject: true });
  if (info.channels !== (grey ? 1 : 3))
    throw new Error(`${info.channels} channels instead of ${grey ? 1 : 3}`);
  const values = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return {
    data: facts.depth === 'ushort' ? toEightBit(shortsOf(values)) : values,
    height: info.height,
    width: info.width,
    channels: info.channels,
  };
}

function checkFacts({ width, height, depth }: Metadata, maximumPixels: number): void {
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
      hint: '8 or 16 bits, whole and without a sign',
    });
}

const eightBit = (image: Sharp, grey: boolean): Sharp =>
  image.toColourspace(grey ? 'b-w' : 'srgb').raw();
const sixteenBit = (image: Sharp, grey: boolean): Sharp =>
  image.toColourspace(grey ? 'grey16' : 'rgb16').raw({ depth: 'ushort' });

/** Bytes of a pooled buffer as 16-bit values, copied where they are not aligned. */
function shortsOf(bytes: Uint8Array): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
}

/** What the decoder says when another thread has taken its complaint: it keeps them in one place for all threads. */
const TAKEN = /^(Unknown error|Warning treated as error due to failOn setting)$/;

/** The decoder's first complaint; it repeats itself and names its parts. */
function reasonOf(error: unknown): string {
  const [first] = (error as Error).message
    .replace(/^Input (buffer|Buffer) has corrupt header: /, '')
    .split('\n');
  if (TAKEN.test(first)) return 'its data end early or are wrong';
  return first
    .replace(/^\w*(vips|Vips)\w*: /, '')
    .replace(
      'Input buffer contains unsupported image format',
      'its directory or header cannot be read',
    );
}
