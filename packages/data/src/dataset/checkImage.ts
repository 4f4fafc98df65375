import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InputError, type PixelData, type Pixels } from '@nonlocal-med/core';
import { type BorderStatistics, borderStatistics } from '../image/borderStatistics.js';
import { MAXIMUM_PIXELS } from '../image/decodeImage.js';
import { decodeRaw, type RawImage } from '../image/decodeRaw.js';
import { perceptualHash } from '../image/perceptualHash.js';
import { depthOf, scaleValues, valueRange } from '../image/scaleValues.js';
import { imageKind } from './findImages.js';

/** What checking an image found. */
export interface ImageFacts {
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Width in pixels, after applying the EXIF orientation. */
  readonly width: number;
  /** Height in pixels, after applying the EXIF orientation. */
  readonly height: number;
  /** `grey` if the file has one color channel. */
  readonly color: 'grey' | 'rgb';
  /** Bits per channel in the file: 8, 16, or 32 for floating-point values. */
  readonly depth: number;
  /** Smallest and largest value of an image with more than 8 bits. */
  readonly values?: readonly [minimum: number, maximum: number];
  /** The largest value that the file itself says is in use: PNG's sBIT, TIFF's MaxSampleValue. */
  readonly declaredMaximum?: number;
  /** Pages of a TIFF file or frames of an animation, if there are several; only the first is used. */
  readonly pages?: number;
  /** Format of the content, whatever the file's extension: jpeg, png, tiff, webp. */
  readonly format: string;
  /** Perceptual hash of the pixels: 256 bits as 64 hexadecimal digits. */
  readonly perceptual: string;
  /** Levels of the outermost pixels. */
  readonly border: BorderStatistics;
}

/** The facts of an image, or why it cannot be used. */
export type ImageCheck = { readonly facts: ImageFacts } | { readonly reason: string };

/** Reads and decodes an image completely, so that nothing in it can surprise a training run. */
export async function checkImage(file: string): Promise<ImageCheck> {
  if (imageKind(file) === 'unsupported')
    return {
      reason: `${extname(file).slice(1).toUpperCase()} images are not supported; convert it to PNG or TIFF`,
    };
  try {
    const bytes = await readFile(file);
    if (bytes.length === 0) return { reason: 'the file is empty (0 bytes)' };
    return { facts: imageFacts(bytes, await decodeRaw(bytes, MAXIMUM_PIXELS)) };
  } catch (error) {
    return { reason: unreadableBecause(error as Error) };
  }
}

/** The facts of a decoded image. @param bytes its file */
export function imageFacts(bytes: Uint8Array, raw: RawImage): ImageFacts {
  return {
    hash: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    width: raw.width,
    height: raw.height,
    color: raw.channels === 1 ? 'grey' : 'rgb',
    depth: depthOf(raw),
    format: raw.format,
    ...describeContent(raw),
    ...(raw.pages > 1 ? { pages: raw.pages } : {}),
  };
}

/**
 * The perceptual hash, the border, and the range of values beyond 8 bits. The scale of the data set is not known yet; the
 * hash does not depend on it, and the border is that of the image's own range.
 */
function describeContent(
  raw: RawImage,
): Pick<ImageFacts, 'perceptual' | 'border' | 'values' | 'declaredMaximum'> {
  if (depthOf(raw) === 8) return describePixels(scaleValues(raw, '8-bit'));
  const { minimum, maximum } = valueRange(raw.values);
  if (!raw.values.every((value) => Number.isFinite(value)))
    throw new InputError({
      path: '',
      message: 'has values that are not finite numbers (NaN or infinity)',
      hint: 'replace them',
    });
  const scale = [minimum, maximum > minimum ? maximum : minimum + 1] as const;
  return {
    ...describePixels(scaleValues(raw, scale)),
    values: [minimum, maximum],
    ...(raw.declaredMaximum === undefined ? {} : { declaredMaximum: raw.declaredMaximum }),
  };
}

const describePixels = (pixels: Pixels<PixelData>): Pick<ImageFacts, 'perceptual' | 'border'> => ({
  perceptual: perceptualHash(pixels),
  border: borderStatistics(pixels),
});

/** Why an image cannot be read, for a list of images. */
export function unreadableBecause(error: NodeJS.ErrnoException): string {
  if (error instanceof InputError) {
    const { message, hint } = error.issues[0];
    return hint === undefined ? message : `${message}; ${hint}`;
  }
  if (error.code === 'ENOENT') return 'the file, or what it links to, does not exist';
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'no permission to read the file';
  if (error.code === 'EISDIR') return 'it is a folder';
  return error.code === undefined ? error.message : `the file cannot be read (${error.code})`;
}
