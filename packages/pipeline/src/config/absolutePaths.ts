import { resolve } from 'node:path';
import type { RunConfig } from './runConfigSchema.js';

/**
 * A configuration with absolute paths, so that the run can be resumed from any working directory. Paths inside a data
 * set, such as `data.csv`, stay relative to it.
 */
export function absolutePaths(config: RunConfig): RunConfig {
  const { model, loader } = config;
  return {
    ...config,
    data: absoluteData(config.data),
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

function absoluteData(data: RunConfig['data']): RunConfig['data'] {
  if (data.kind === 'tiny-lesions') return data;
  const { cacheFolder, splitFile } = data;
  return {
    ...data,
    path: resolve(data.path),
    ...(typeof cacheFolder === 'string' ? { cacheFolder: resolve(cacheFolder) } : {}),
    ...(splitFile === undefined ? {} : { splitFile: absoluteLists(splitFile) }),
  };
}

type SplitFile = Exclude<RunConfig['data'], { kind: 'tiny-lesions' }>['splitFile'];

function absoluteLists(splitFile: NonNullable<SplitFile>): SplitFile {
  if (typeof splitFile === 'string') return resolve(splitFile);
  return Object.fromEntries(
    Object.entries(splitFile).map(([set, file]) => [set, file && resolve(file)]),
  );
}
