import type { PixelData, Pixels, PixelValues } from '@nonlocal-med/core';
import { decodeImageFile, levelsForModel, type RawImage } from '@nonlocal-med/data/browser';
import { type DecodedPixels, levelsOfPixels } from '@nonlocal-med/data/image';
import { type Classifier, createClassifier } from '../createClassifier.js';
import { filesAt, type ReadFile } from '../modelSource.js';

/** A file, what `decodeImageFile` gives for one, or pixels that something else decoded. */
export type BrowserImage = Blob | RawImage | DecodedPixels;

/**
 * `loadClassifier` for browsers, with image files (DICOM, JPEG, PNG, TIFF, WebP) besides pixels: a `File` that its user chose or
 * dropped. PNG, TIFF and uncompressed DICOM files give the numbers of `eval predict`; JPEG and WebP files those of the browser's
 * decoder. Compressed DICOM files need `setCodecBinaries` of `@nonlocal-med/data/browser` first.
 *
 * @param source what `loadClassifier` of `@nonlocal-med/classifier` takes
 * @returns the classifier; the caller disposes it
 * @throws InputError if a file is missing or damaged, or asks for something that is not known here
 * @throws UnavailableError if no TF.js backend is available
 */
export function loadClassifier(source: string | URL | ReadFile): Promise<Classifier<BrowserImage>> {
  return createClassifier<BrowserImage>(
    typeof source === 'function' ? { read: source, place: 'model' } : filesAt(source),
    (image, { values }) => levelsOf(image, values),
  );
}

async function levelsOf(
  image: BrowserImage,
  values: PixelValues | undefined,
): Promise<Pixels<PixelData>> {
  if ('values' in image) return levelsForModel(image, values, 'image');
  if (!(image instanceof Blob)) return levelsOfPixels(image, values);
  const name = image instanceof File ? image.name : 'image';
  const raw = await decodeImageFile(new Uint8Array(await image.arrayBuffer()), { name, values });
  return levelsForModel(raw, values, name);
}
