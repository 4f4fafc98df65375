import { createLoader, type Loader, type LoaderSample } from '@nonlocal-med/data';
import type { RunConfig } from '../config/runConfigSchema.js';

/** How {@link createRunLoader} differs from side to side. */
export interface RunLoaderOptions {
  readonly classes: readonly string[];
  /** Shuffled and augmented: the training side only. */
  readonly training: boolean;
  readonly signal?: AbortSignal;
  readonly onWarning?: (message: string) => void;
}

/** Batches of one side of a run's split, as its configuration says. */
export function createRunLoader(
  samples: readonly LoaderSample[],
  config: RunConfig,
  { classes, training, signal, onWarning }: RunLoaderOptions,
): Loader {
  return createLoader(samples, {
    classes,
    preprocessing: config.preprocessing,
    batchSize: config.training.batchSize,
    seed: config.seed,
    shuffle: training,
    ...(training && config.augmentation !== false ? { augmentation: config.augmentation } : {}),
    ...config.loader,
    signal,
    onWarning,
  });
}
