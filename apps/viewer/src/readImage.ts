import { imageNotes } from '@nonlocal-med/classifier';
import { InputError } from '@nonlocal-med/core';
import { decodeImageFile, type RawImage } from '@nonlocal-med/data/browser';
import type { ImageEntry } from './imageEntry.js';
import type { PageClassifier } from './startModel.js';

/** Reads and decodes the file of an image. @throws InputError with the reason and what to do */
export async function readImage(
  { file, id, frame }: Pick<ImageEntry, 'file' | 'id' | 'frame'>,
  { preprocessing: { values } }: PageClassifier,
): Promise<RawImage> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new InputError(
      {
        path: id,
        message: 'cannot be read',
        hint: 'if it is a folder, choose the images in it; if it was moved, choose it again',
      },
      { cause: error },
    );
  }
  return decodeImageFile(bytes, { name: id, frame, values });
}

/** What a reader should know about how an image was read, in sentences. */
export function readingNotes(
  { pages, format, dicom }: RawImage,
  { preprocessing: { values } }: Pick<PageClassifier, 'preprocessing'>,
): string[] {
  const facts = { pages, format, windowSource: dicom?.source };
  return [
    ...imageNotes(facts, values).map((clause) => `The file ${clause}.`),
    ...(format === 'jpeg' || format === 'webp'
      ? [
          'The browser decoded this file; probabilities can differ slightly from those of eval predict.',
        ]
      : []),
  ];
}
