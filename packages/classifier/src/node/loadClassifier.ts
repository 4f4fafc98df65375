import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { decodeImage } from '@nonlocal-med/data';
import { type DecodedPixels, levelsOfPixels } from '@nonlocal-med/data/image';
import { type Classifier, createClassifier } from '../createClassifier.js';
import { filesAt, type ModelSource, type ReadFile } from '../modelSource.js';

/** A file, or one frame of a DICOM file, counted from 0. */
export interface ImageFile {
  readonly file: string;
  readonly frame?: number;
}

/**
 * `loadClassifier` for Node: from a folder, too, and with image files (DICOM, JPEG, PNG, TIFF, WebP) besides pixels.
 *
 * @param source folder of a run or of an exported model, or what `loadClassifier` of `@nonlocal-med/classifier` takes
 * @returns the classifier; the caller disposes it
 * @throws InputError if a file is missing or damaged, or asks for something that is not known here
 * @throws UnavailableError if no TF.js backend is available
 */
export async function loadClassifier(
  source: string | URL | ReadFile,
): Promise<Classifier<string | ImageFile | DecodedPixels>> {
  return createClassifier<string | ImageFile | DecodedPixels>(
    await modelSource(source),
    (image, { values }) => {
      if (typeof image !== 'string' && 'data' in image) return levelsOfPixels(image, values);
      const { file, frame } = typeof image === 'string' ? { file: image } : image;
      return decodeImage(file, { values, frame });
    },
  );
}

async function modelSource(source: string | URL | ReadFile): Promise<ModelSource> {
  if (typeof source === 'function') return { read: source, place: 'model' };
  const text = String(source);
  if (/^https?:/.test(text)) return filesAt(source);
  const folder = text.startsWith('file:') ? fileURLToPath(text) : text;
  for (const place of [folder, join(folder, 'model')]) {
    const files = filesIn(place);
    if ((await files.read('model.json')) !== null) return files;
  }
  throw new InputError({
    path: folder,
    message: 'does not contain an exported model',
    hint: 'a folder with model.json, or the folder of a trained run',
  });
}

/** The files of a model in a folder. */
export function filesIn(folder: string): ModelSource {
  const read = async (name: string): Promise<Uint8Array | null> => {
    const file = join(folder, name);
    try {
      return await readRegularFile(file);
    } catch (error) {
      if (error instanceof InputError) throw error;
      const { code = String(error) } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw new InputError({ path: file, message: `cannot be read (${code})` }, { cause: error });
    }
  };
  return { read, place: folder };
}
