import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Issue, type Predictions, type Preprocessing, throwIssues } from '@nonlocal-med/core';
import { createLoader, type LoaderSample } from '@nonlocal-med/data';
import { predict } from '@nonlocal-med/train';
import type { ExportedModel } from './openExportedModel.js';

/**
 * Class probabilities of image files whose truth is not known.
 * @returns predictions with the paths as ids and -1 as labels, in the order of the files.
 * @throws InputError with every file that is missing, or the first that cannot be read as an image.
 */
export async function predictImages(
  model: ExportedModel,
  files: readonly string[],
  options: PredictSamplesOptions = {},
): Promise<Predictions> {
  const issues = await Promise.all(
    files.map(async (file): Promise<Issue[]> => {
      const found = await stat(file).catch(() => undefined);
      if (found === undefined) return [{ path: file, message: 'does not exist' }];
      return found.isFile() ? [] : [{ path: file, message: 'is not a file', hint: 'image files' }];
    }),
  );
  throwIssues(issues.flat());
  const samples = files.map((file) => ({ id: file, file: resolve(file), label: 0 }));
  const predictions = await predictSamples(model, samples, options);
  return { ...predictions, labels: new Int32Array(files.length).fill(-1) };
}

/** How {@link predictSamples} goes about it. */
export interface PredictSamplesOptions {
  readonly batchSize?: number;
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Class probabilities of images, prepared as the model wants them. */
export async function predictSamples(
  model: ExportedModel,
  samples: readonly LoaderSample[],
  { batchSize = 8, workers, signal, onProgress }: PredictSamplesOptions = {},
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

/** An exported model takes values 0..255 and normalises them itself. */
function withoutNormalization(preprocessing: Preprocessing): Preprocessing {
  return { ...preprocessing, mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
}
