import { parseRunConfig } from '../config/parseRunConfig.js';
import type { RunConfig } from '../config/runConfigSchema.js';

/** What the demonstration can be asked to do differently. */
export interface DemonstrationOptions {
  readonly seed?: number;
  readonly images?: number;
  readonly size?: number;
  readonly epochs?: number;
  readonly engine?: 'auto' | 'native' | 'wasm';
}

/** One of the demonstration's two runs: the same images, split, order and backbone start for both models. */
export function demonstrationConfig(
  model: string,
  { seed = 0, images = 1000, size = 96, epochs = 4, engine = 'auto' }: DemonstrationOptions,
): RunConfig {
  return parseRunConfig({
    data: { kind: 'tiny-lesions', images, size, seed },
    split: { test: 0.4, validation: 0 },
    preprocessing: { size, contrast: 'local-mean' },
    augmentation: { diagonalFlip: 0, rotation: 0 },
    model: { name: model },
    training: { epochs, batchSize: 8, learningRate: 1e-3, schedule: { kind: 'linear' } },
    engine: { backend: engine },
    seed,
  });
}
