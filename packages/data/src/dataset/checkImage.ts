import { extname } from 'node:path';
import { InputError, type PixelData, type Pixels, type Sample } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import type { WindowSource } from '../dicom/displayLevels.js';
import { type BorderStatistics, borderStatistics } from '../image/borderStatistics.js';
import { contentHash, decodeBytes, frameHash } from '../image/decodeBytes.js';
import { MAXIMUM_PIXELS } from '../image/decodeImage.js';
import type { RawImage } from '../image/decodeRaw.js';
import { perceptualHash } from '../image/perceptualHash.js';
import { depthOf, scaleValues, valueRange } from '../image/scaleValues.js';
import { imageKind } from './findImages.js';

/** What checking an image found. */
export interface ImageFacts {
  /** SHA-256 of the file, or of that and the frame if the file has several; hexadecimal. */
  readonly hash: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Width in pixels, after applying the EXIF orientation. */
  readonly width: number;
  /** Height in pixels, after applying the EXIF orientation. */
  readonly height: number;
  /** `grey` if the file has one color channel. */
  readonly color: 'grey' | 'rgb';
  /** Bits per channel in the file: 8, 16, or 32 for floating-point values; of a DICOM image, those in use. */
  readonly depth: number;
  /** Smallest and largest value of an image with more than 8 bits; of a DICOM image, after its rescale. */
  readonly values?: readonly [minimum: number, maximum: number];
  /** The largest value that the file itself says is in use: PNG's sBIT, TIFF's MaxSampleValue. */
  readonly declaredMaximum?: number;
  /** Of a grayscale DICOM image: where its levels come from if no window is chosen. */
  readonly windowSource?: WindowSource;
  /** Of a DICOM image: how many windows it has. */
  readonly windows?: number;
  /** Pages of a TIFF file or frames of an animation, if there are several; only the first is used. */
  readonly pages?: number;
  /** Format of the content, whatever the file's extension: jpeg, png, tiff, webp, dicom. */
  readonly format: string;
  /** Perceptual hash of the pixels: 256 bits as 64 hexadecimal digits. */
  readonly perceptual: string;
  /** Levels of the outermost pixels. */
  readonly border: BorderStatistics;
}

/** The facts of an image, or why it cannot be used. */
export type ImageCheck = { readonly facts: ImageFacts } | { readonly reason: string };

/** An image file, or one frame of it. */
export type ImageSource = Pick<Sample, 'frame'> & { readonly file: string };

/**
 * Reads and decodes images completely, so that nothing in them can surprise a training run. A file with several frames is
 * read and hashed once for all frames that follow each other.
 */
export async function checkEach(sources: readonly ImageSource[]): Promise<ImageCheck[]> {
  const checks: ImageCheck[] = [];
  let read: { readonly file: string; readonly content: FileContent } | undefined;
  for (const { file, frame } of sources) {
    try {
      if (read?.file !== file) read = { file, content: await readContent(file) };
      const { bytes } = read.content;
      const raw = await decodeBytes(bytes, { maximumPixels: MAXIMUM_PIXELS, frame });
      checks.push({ facts: imageFacts(read.content, raw, frame) });
    } catch (error) {
      checks.push({ reason: unreadableBecause(error as Error) });
    }
  }
  return checks;
}

/** The bytes of a file, and their SHA-256. */
interface FileContent {
  readonly bytes: Uint8Array;
  readonly hash: string;
}

async function readContent(file: string): Promise<FileContent> {
  if (imageKind(file) === 'unsupported')
    throw new InputError({
      path: file,
      message: `${extname(file).slice(1).toUpperCase()} images are not supported`,
      hint: 'convert it to PNG or TIFF',
    });
  const bytes = await readRegularFile(file);
  if (bytes.length === 0)
    throw new InputError({ path: file, message: 'the file is empty (0 bytes)' });
  return { bytes, hash: contentHash(bytes) };
}

/**
 * The facts of a decoded image.
 *
 * @param content its file
 * @param frame which frame it is, if the file has several
 */
export function imageFacts(
  { bytes, hash }: FileContent,
  raw: RawImage,
  frame?: number,
): ImageFacts {
  return {
    hash: frame === undefined ? hash : frameHash(hash, frame),
    bytes: bytes.length,
    width: raw.width,
    height: raw.height,
    color: raw.channels === 1 ? 'grey' : 'rgb',
    depth: raw.dicom?.bits ?? depthOf(raw),
    format: raw.format,
    ...describeContent(raw),
    ...(raw.pages > 1 ? { pages: raw.pages } : {}),
  };
}

type ContentFacts = Pick<
  ImageFacts,
  'perceptual' | 'border' | 'values' | 'declaredMaximum' | 'windows' | 'windowSource'
>;

/**
 * The perceptual hash, the border, and the range of values beyond 8 bits. The scale of the data set is not known yet; the
 * hash does not depend on it, and the border is that of the image's own range.
 */
function describeContent(raw: RawImage): ContentFacts {
  if (raw.dicom !== undefined) return describeDicom(raw, raw.dicom);
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

/** A DICOM image as it is displayed, and its modality values. */
function describeDicom(
  raw: RawImage,
  { source, windows, modality }: NonNullable<RawImage['dicom']>,
): ContentFacts {
  const range = modality && valueRange(modality());
  return {
    ...describePixels(scaleValues(raw, { window: 'file' })),
    windows,
    ...(source === undefined ? {} : { windowSource: source }),
    ...(range === undefined ? {} : { values: [range.minimum, range.maximum] as const }),
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
