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

/** Why an image has no result, without its name, which stands next to it. */
export function reasonOf(error: unknown): string {
  if (error instanceof InputError) {
    const [{ message, hint }] = error.issues;
    return `${message}${hint === undefined ? '' : `. What to do: ${hint}`}.`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `${message.replace(/\.$/, '')}. If it happens with other images, too, reload the page.`;
}

/** What a reader should know about how an image was read. */
export function readingNotes({ pages, format, dicom }: RawImage): string[] {
  const unit = format === 'dicom' ? 'frames' : 'pages';
  return [
    ...(pages > 1 ? [`The file has ${pages} ${unit}; this is the first.`] : []),
    ...(dicom?.source === 'percentile'
      ? ['The DICOM file says no window: black and white come from its own values.']
      : []),
    ...(format === 'jpeg' || format === 'webp'
      ? [
          'The browser decoded this file; probabilities can differ a little from those of eval predict.',
        ]
      : []),
  ];
}
