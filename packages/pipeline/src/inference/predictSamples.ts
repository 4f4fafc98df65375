import type { Predictions, Preprocessing } from '@nonlocal-med/core';
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

/** Class probabilities of samples of a data set, preprocessed as the model requires. */
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
