import { resolve } from 'node:path';
import type { RunConfig } from './runConfigSchema.js';

/** A configuration whose paths hold from any folder, so that a run can be resumed from anywhere. `data.csv` and the like start from the data set. */
export function absolutePaths(config: RunConfig): RunConfig {
  const { data, model, loader } = config;
  return {
    ...config,
    ...(data.kind === 'tiny-lesions'
      ? { data }
      : {
          data: {
            ...data,
            path: resolve(data.path),
            ...(typeof data.cacheFolder === 'string'
              ? { cacheFolder: resolve(data.cacheFolder) }
              : {}),
          },
        }),
    model:
      model.weights === undefined || model.weights === 'imagenet'
        ? model
        : { ...model, weights: resolve(model.weights) },
    loader:
      loader.cacheFolder === undefined
        ? loader
        : { ...loader, cacheFolder: resolve(loader.cacheFolder) },
  };
}
