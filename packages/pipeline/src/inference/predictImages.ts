import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Issue, type Predictions, type Preprocessing, throwIssues } from '@nonlocal-med/core';
import { createLoader, type LoaderSample } from '@nonlocal-med/data';
import { predict } from '@nonlocal-med/train';
import type { ExportedModel } from './openExportedModel.js';

/** How images are loaded and predicted. */
export interface PredictOptions {
  /** Images per batch; default 8. */
  readonly batchSize?: number;
  /** Threads that prepare images; 0 uses the main thread; default: all cores but one, at most 4. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Class probabilities of image files without labels. For an example see {@link openExportedModel}.
 * @returns predictions in the order of the files, with the paths as ids and -1 as labels; probabilities are
 * [images, classes] in row-major order
 * @throws InputError with every file that is missing, or the first one that is not a readable image.
 */
export async function predictImages(
  model: ExportedModel,
  files: readonly string[],
  options: PredictOptions = {},
): Promise<Predictions> {
  throwIssues((await Promise.all(files.map(fileIssues))).flat());
  const samples = files.map((file) => ({ id: file, file: resolve(file), label: 0 }));
  const predictions = await predictSamples(model, samples, options);
  return { ...predictions, labels: new Int32Array(files.length).fill(-1) };
}

async function fileIssues(file: string): Promise<Issue[]> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return [{ path: file, message: 'does not exist' }];
  return found.isFile()
    ? []
    : [{ path: file, message: 'is not a file', hint: 'paths of image files' }];
}

/** Class probabilities of samples, preprocessed as the model requires. */
export async function predictSamples(
  model: ExportedModel,
  samples: readonly LoaderSample[],
  { batchSize = 8, workers, signal, onProgress }: PredictOptions = {},
): Promise<Predictions> {
  const loader = createLoader(samples, {
    classes: model.labels,
    preprocessing: withoutNormalization(model.preprocessing),
    batchSize,
    workers,
    cacheMegabytes: 0,
    signal,
  });
  try {
    return await predict(model.logits, loader, {
      graph: true,
      signal,
      onProgress: ({ done, total }) => onProgress?.(done, total),
    });
  } finally {
    await loader.close();
  }
}

/** Preprocessing that ends with values 0..255: an exported model normalizes them itself. */
export function withoutNormalization(preprocessing: Preprocessing): Preprocessing {
  return { ...preprocessing, mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
}
