import type { RawOptions } from './mergeOptions.js';

/**
 * Options for training on the built-in synthetic images, from scratch and within minutes (docs/synthetic.md explains
 * these values). The demonstration, and experiments without a data set, start from them.
 */
export const syntheticBase: RawOptions = {
  data: { kind: 'tiny-lesions', images: 1000, size: 96 },
  split: { test: 0.4, validation: 0.1 },
  preprocessing: { size: 96, contrast: 'local-mean' },
  augmentation: { diagonalFlip: 0, rotation: 0 },
  training: { epochs: 4, batchSize: 8, learningRate: 1e-3, schedule: { kind: 'linear' } },
};
