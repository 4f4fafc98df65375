import { readFile } from 'node:fs/promises';
import { InputError, type Preprocessing } from '@nonlocal-med/core';
import { type ImageFacts, imageFacts, unreadableBecause } from '../dataset/checkImage.js';
import { MAXIMUM_PIXELS } from '../image/decodeImage.js';
import { decodeRaw } from '../image/decodeRaw.js';
import { normalize, preprocess } from '../image/preprocess.js';
import {
  describeDepth,
  describeValues,
  scaleByOwnMaximum,
  scaleValues,
} from '../image/scaleValues.js';

/** Image files to prepare together. Plain data, so that it can be posted to a thread. */
export interface PrepareTask {
  readonly files: readonly string[];
  readonly preprocessing: Preprocessing;
}

/** What was found out about a file on the way. */
export type PreparedImage =
  | {
      readonly facts: ImageFacts;
      /** Time of reading, decoding and preprocessing. */
      readonly milliseconds: number;
    }
  | { readonly reason: string };

/** Prepared images of a batch of files. */
export interface PreparedBatch {
  /** [files, height, width, 3] in row-major order; zeros for a file that cannot be read. */
  readonly values: Float32Array;
  readonly images: readonly PreparedImage[];
}

/** Prepares one batch, in whatever thread it is called. */
export async function prepareBatch({ files, preprocessing }: PrepareTask): Promise<PreparedBatch> {
  const [height, width] = preprocessing.size;
  const stride = height * width * 3;
  const values = new Float32Array(files.length * stride); // [files, height, width, 3]
  const images: PreparedImage[] = [];
  for (const [index, file] of files.entries()) {
    try {
      const target = values.subarray(index * stride, (index + 1) * stride);
      images.push(await prepareImage(file, preprocessing, target));
    } catch (error) {
      images.push({ reason: unreadableBecause(error as Error) });
    }
  }
  return { values, images };
}

/** @param target receives the values, [height, width, 3] */
async function prepareImage(
  file: string,
  preprocessing: Preprocessing,
  target: Float32Array,
): Promise<PreparedImage> {
  const start = performance.now();
  const bytes = await readFile(file);
  if (bytes.length === 0)
    throw new InputError({ path: file, message: 'the file is empty (0 bytes)' });
  const raw = await decodeRaw(bytes, MAXIMUM_PIXELS);
  const { values } = preprocessing;
  if (values !== undefined && (values === '8-bit') !== raw.values instanceof Uint8Array)
    throw new InputError({
      path: file,
      message: `has ${describeDepth(raw)}, but the model was trained on images with ${describeValues(values)}`,
      hint: 'an image of the same depth, with values on the same scale',
    });
  const pixels = values === undefined ? scaleByOwnMaximum(raw) : scaleValues(raw, values);
  normalize(preprocess(pixels, preprocessing), preprocessing, target);
  const milliseconds = performance.now() - start;
  return { facts: imageFacts(bytes, raw), milliseconds };
}
