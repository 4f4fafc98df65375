import { InputError, type PixelData, type Pixels, type PixelValues } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { toGrayscale, toRgb } from './channels.js';
import { decodeBytes } from './decodeBytes.js';
import { decodeOpacity, type RawImage } from './decodeRaw.js';
import { scaleByOwnMaximum, scaleValues, valueRange } from './scaleValues.js';

/** How to decode an image file. */
export interface DecodeOptions {
  /** Channels of the result; default: those of the file. */
  readonly color?: 'rgb' | 'grey';
  /** Which frame of a DICOM file, counted from 0. Default: the first. */
  readonly frame?: number;
  /** Larger images are refused before anything is decoded, since a file of a few bytes can claim gigabytes. */
  readonly maximumPixels?: number;
  /** The name that errors use for an image given as bytes. */
  readonly name?: string;
  /**
   * Scale of the values in the files of a data set; files of another depth are refused. Default: 8-bit levels, with each
   * 16-bit file on its own scale.
   */
  readonly values?: PixelValues;
}

/** Larger images are refused unless the caller allows them. */
export const MAXIMUM_PIXELS = 100_000_000;

/**
 * Decodes a DICOM, JPEG, PNG, TIFF (first page) or WebP file, or the bytes of one, to grayscale or RGB.
 *
 * With black and white or a window in `values`, the result has 16 bits. Without `values`, it has 8: a 16-bit file is
 * scaled by 4,095 if it has no larger value, else by 65,535, which suits single images but not data sets; DICOM files are
 * shown with their own window or lookup table.
 *
 * EXIF and TIFF orientation is applied. Palettes and CMYK become RGB, transparent pixels are blended with black, and
 * color profiles are ignored as in OpenCV and Pillow; apart from transparency and scaling the pixels equal OpenCV's.
 * Strict where pixels are in doubt: a truncated or damaged file is an error even where a viewer would show something,
 * and so are channels whose meaning is not known. Deviations in a JPEG's header that concern no pixel are accepted.
 *
 * @returns pixels [height, width, 1 or 3]
 * @throws InputError with the file and the reason if it is missing, empty, of another format, too large or damaged
 */
export function decodeImage(
  source: string | Uint8Array,
  options: DecodeOptions & { readonly values: PixelValues },
): Promise<Pixels<PixelData>>;
export function decodeImage(
  source: string | Uint8Array,
  options?: DecodeOptions & { readonly values?: undefined },
): Promise<Pixels>;
export function decodeImage(
  source: string | Uint8Array,
  options?: DecodeOptions,
): Promise<Pixels<PixelData>>;
export async function decodeImage(
  source: string | Uint8Array,
  { color, frame, maximumPixels = MAXIMUM_PIXELS, name = 'image', values }: DecodeOptions = {},
): Promise<Pixels<PixelData>> {
  const pixels = await decodeFile(source, { maximumPixels, name, frame, values }, ({ raw }) =>
    values === undefined ? scaleByOwnMaximum(raw) : scaleValues(raw, values),
  );
  return color === 'rgb' ? toRgb(pixels) : color === 'grey' ? toGrayscale(pixels) : pixels;
}

/**
 * Decodes a mask: 1 where the file stores another value than 0 in any channel, at any bit depth; black on a transparent
 * background counts as well. Lossy files, whose edges have compression artifacts, are divided at half of their largest value.
 *
 * @returns 0 or 1, [height, width, 1]
 * @throws InputError as {@link decodeImage}
 */
export function decodeMask(
  source: string | Uint8Array,
  { maximumPixels = MAXIMUM_PIXELS, name = 'mask' }: Omit<DecodeOptions, 'color' | 'values'> = {},
): Promise<Pixels> {
  return decodeFile(source, { maximumPixels, name }, async ({ raw, bytes }) => {
    const { height, width, dicom } = raw;
    // A window for display may show marks as black.
    const stored = dicom?.modality === undefined ? raw : { ...raw, values: dicom.modality() };
    const data = marks(stored, isLossy(bytes, raw) ? 0.5 : 0);
    const opacity =
      dicom !== undefined || data.includes(1) ? undefined : await decodeOpacity(bytes);
    return { data: opacity?.map((value) => Number(value > 0)) ?? data, height, width, channels: 1 };
  });
}

/** 1 where a channel's value exceeds a fraction of the largest one, [height * width]. */
function marks(
  { values, channels, whiteIsZero, declaredMaximum }: RawImage,
  fraction: number,
): Uint8Array {
  const { maximum } = valueRange(values);
  const black = whiteIsZero ? Math.max(declaredMaximum ?? 0, maximum) : 0;
  const threshold = fraction * maximum;
  const result = new Uint8Array(values.length / channels);
  for (let i = 0; i < values.length; i++)
    if (Math.abs(values[i] - black) > threshold) result[Math.floor(i / channels)] = 1;
  return result;
}

const isLossy = (bytes: Uint8Array, { format }: RawImage): boolean =>
  format === 'jpeg' || (format === 'webp' && !Buffer.from(bytes.subarray(0, 64)).includes('VP8L'));

type FileSettings = Required<Pick<DecodeOptions, 'maximumPixels' | 'name'>> &
  Pick<DecodeOptions, 'frame' | 'values'>;

/** Reads and decodes a file, and names it in the errors of both and of `use`. */
async function decodeFile<T>(
  source: string | Uint8Array,
  { maximumPixels, name, frame, values }: FileSettings,
  use: (file: { readonly raw: RawImage; readonly bytes: Uint8Array }) => T | Promise<T>,
): Promise<T> {
  const path = typeof source === 'string' ? source : name;
  const bytes = typeof source === 'string' ? await readImageFile(source) : source;
  if (bytes.length === 0) throw new InputError({ path, message: 'the file is empty (0 bytes)' });
  try {
    const raw = await decodeBytes(bytes, { maximumPixels, frame, values });
    return await use({ raw, bytes });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError({ ...error.issues[0], path }, { cause: error.cause });
  }
}

async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'no such file',
      EACCES: 'no permission to read it',
    };
    throw new InputError({ path, message: reasons[code ?? ''] ?? message }, { cause: error });
  }
}
