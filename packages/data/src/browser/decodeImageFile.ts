import { InputError } from '@nonlocal-med/core';
import { decodeDicomRaw, type FileOptions } from '../dicom/dicomRaw.js';
import { type DicomPlatform, MAXIMUM_INFLATED_BYTES } from '../dicom/platform.js';
import type { RawImage } from '../image/decodeRaw.js';
import { supportedFormat } from '../image/fileChecks.js';
import { decodeBitmap } from './decodeBitmap.js';
import { decodePng } from './decodePng.js';
import { decodeTiff } from './decodeTiff.js';
import { inflateUpTo } from './inflate.js';

/** Larger images are refused unless the caller allows them: they would exhaust the memory of a browser. */
const MAXIMUM_PIXELS = 50_000_000;

/** How to decode an image file in a browser. */
export interface ImageFileOptions extends Partial<FileOptions> {
  /** The name that errors use. */
  readonly name?: string;
}

/**
 * Decodes a DICOM, JPEG, PNG, TIFF or WebP file in a browser to its stored values: what `decodeImage` starts from in Node. PNG,
 * TIFF and uncompressed DICOM files give the same values there; JPEG and WebP files are decoded by the browser.
 *
 * @param bytes the whole file
 * @returns stored values; `levelsForModel` brings them to the scale of a model
 * @throws InputError with the name and the reason if the file is empty, of another format, too large, damaged or not supported
 * @example
 * ```ts
 * import { decodeImageFile, levelsForModel } from '@nonlocal-med/data/browser';
 *
 * const png = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4XmNgcAAAAEMAQaV/tGEAAAAASUVORK5CYII=';
 * const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
 * const raw = await decodeImageFile(bytes, { name: 'two pixels' });
 * console.log(levelsForModel(raw, '8-bit', 'two pixels').data.join(' ')); // 0 64
 * ```
 */
export async function decodeImageFile(
  bytes: Uint8Array,
  { name: path = 'image', maximumPixels = MAXIMUM_PIXELS, frame, values }: ImageFileOptions = {},
): Promise<RawImage> {
  if (bytes.length === 0) throw new InputError({ path, message: 'the file is empty (0 bytes)' });
  let format = 'image';
  try {
    format = supportedFormat(bytes);
    return await decodeAs(supportedFormat(bytes), bytes, { maximumPixels, frame, values });
  } catch (error) {
    if (error instanceof InputError)
      throw new InputError({ ...error.issues[0], path }, { cause: error.cause ?? error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      { path, message: `damaged or truncated ${format} file: ${reason}` },
      { cause: error },
    );
  }
}

function decodeAs(
  format: ReturnType<typeof supportedFormat>,
  bytes: Uint8Array,
  options: FileOptions,
): RawImage | Promise<RawImage> {
  const { maximumPixels } = options;
  switch (format) {
    case 'DICOM':
      return decodeDicomRaw(bytes, options, browserPlatform);
    case 'PNG':
      return decodePng(bytes, maximumPixels);
    case 'TIFF':
      return decodeTiff(bytes, maximumPixels);
    case 'JPEG':
    case 'WebP':
      return decodeBitmap(bytes, { format, maximumPixels });
  }
}

const browserPlatform: DicomPlatform = {
  inflate(bytes) {
    const inflated = inflateUpTo(bytes, MAXIMUM_INFLATED_BYTES + 1);
    if (inflated.length > MAXIMUM_INFLATED_BYTES) throw new Error('its inflated data is too large');
    return inflated;
  },
  decodeJpeg: (bytes, maximumPixels) => decodeBitmap(bytes, { format: 'JPEG', maximumPixels }),
};
