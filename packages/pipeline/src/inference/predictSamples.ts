import type { Predictions, Preprocessing } from '@nonlocal-med/core';
import { createLoader, type LoaderSample } from '@nonlocal-med/data';
import { predict } from '@nonlocal-med/train';
import type { ExportedModel } from './openExportedModel.js';

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
