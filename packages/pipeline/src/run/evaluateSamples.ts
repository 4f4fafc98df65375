import type { Predictions } from '@nonlocal-med/core';
import type { LoaderSample } from '@nonlocal-med/data';
import { predict } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunLoader } from '../data/createRunLoader.js';

/** What a run's model, with the weights it has now, says of some samples. */
export async function evaluateSamples(
  model: LayersModel,
  samples: readonly LoaderSample[],
  {
    config,
    classes,
    signal,
    onProgress,
  }: {
    config: RunConfig;
    classes: readonly string[];
    signal?: AbortSignal;
    onProgress?: (done: number, total: number) => void;
  },
): Promise<Predictions> {
  const loader = createRunLoader(samples, config, { classes, training: false, signal });
  try {
    return await predict(model, loader, {
      graph: config.engine.graph,
      signal,
      onProgress: ({ done, total }) => onProgress?.(done, total),
    });
  } finally {
    await loader.close();
  }
}
