import { InputError, type Preprocessing } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import {
  type ImageFacts,
  imageFacts,
  type ImageSource,
  unreadableBecause,
} from '../dataset/checkImage.js';
import { contentHash, decodeBytes } from '../image/decodeBytes.js';
import { MAXIMUM_PIXELS } from '../image/decodeImage.js';
import { normalize, preprocess } from '../image/preprocess.js';
import { levelsForModel } from '../image/scaleValues.js';
import { pixelStatistics, type ViewStatistics } from '../image/viewStatistics.js';

/** Images to prepare together. Plain data, so that it can be posted to a thread. */
export interface PrepareTask {
  readonly sources: readonly ImageSource[];
  readonly preprocessing: Preprocessing;
}

/** What was found out about an image on the way. */
export type PreparedImage =
  | {
      readonly facts: ImageFacts;
      readonly statistics: ViewStatistics;
      /** Time of reading, decoding and preprocessing. */
      readonly milliseconds: number;
    }
  | { readonly reason: string };

/** Prepared images of a batch. */
export interface PreparedBatch {
  /** [images, height, width, 3] in row-major order; zeros for one that cannot be read. */
  readonly values: Float32Array;
  readonly images: readonly PreparedImage[];
}

/** Prepares one batch, in whatever thread it is called. */
export async function prepareBatch({
  sources,
  preprocessing,
}: PrepareTask): Promise<PreparedBatch> {
  const [height, width] = preprocessing.size;
  const stride = height * width * 3;
  const values = new Float32Array(sources.length * stride); // [images, height, width, 3]
  const images: PreparedImage[] = [];
  for (const [index, source] of sources.entries()) {
    try {
      const target = values.subarray(index * stride, (index + 1) * stride);
      images.push(await prepareImage(source, preprocessing, target));
    } catch (error) {
      images.push({ reason: unreadableBecause(error as Error) });
    }
  }
  return { values, images };
}

/** @param target receives the values, [height, width, 3] */
async function prepareImage(
  { file, frame }: ImageSource,
  preprocessing: Preprocessing,
  target: Float32Array,
): Promise<PreparedImage> {
  const start = performance.now();
  const bytes = await readRegularFile(file);
  if (bytes.length === 0)
    throw new InputError({ path: file, message: 'the file is empty (0 bytes)' });
  const { values } = preprocessing;
  const raw = await decodeBytes(bytes, { maximumPixels: MAXIMUM_PIXELS, frame, values });
  const pixels = levelsForModel(raw, values, file);
  normalize(preprocess(pixels, preprocessing), preprocessing, target);
  const milliseconds = performance.now() - start;
  return {
    facts: imageFacts({ bytes, hash: contentHash(bytes) }, raw, frame),
    statistics: pixelStatistics(pixels, preprocessing),
    milliseconds,
  };
}
