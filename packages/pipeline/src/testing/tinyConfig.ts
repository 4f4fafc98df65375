import { isPlainObject, mergeOptions, type RawOptions } from '../config/mergeOptions.js';
import { parseRunConfig } from '../config/parseRunConfig.js';
import type { RunConfig } from '../config/runConfigSchema.js';

/**
 * A run that takes seconds: ShuffleNetV2 of half the width unless the changes name a model, 40 synthetic images of 64 pixels
 * (48 for the network), 2 epochs, no explanations.
 */
export function tinyConfig(...changes: readonly RawOptions[]): RunConfig {
  const backend = process.env.NONLOCAL_MED_REQUIRE_NATIVE === '1' ? 'native' : 'auto';
  const namesModel = changes.some(({ model }) => isPlainObject(model) && 'name' in model);
  const base = {
    data: { kind: 'tiny-lesions', images: 40, size: 64, classes: 2 },
    split: { test: 0.3, validation: 0.4 },
    preprocessing: { size: 48 },
    model: namesModel ? {} : { name: 'shufflenetv2', width: 0.5 },
    training: { epochs: 2, batchSize: 8, learningRate: 1e-3 },
    loader: { workers: 0 },
    engine: { backend },
    explanations: { images: 0 },
    seed: 3,
  };
  return parseRunConfig(mergeOptions(base, ...changes));
}
