import type { RawOptions } from '@nonlocal-med/pipeline';

/**
 * Options of an experiment that has no data set: the embedded tiny-lesions set, learned from scratch in minutes a run
 * (docs/synthetic.md says why these). Whatever the user says goes before them.
 */
export const syntheticBase: RawOptions = {
  data: { kind: 'tiny-lesions', images: 1000, size: 96 },
  split: { test: 0.4, validation: 0.1 },
  preprocessing: { size: 96, contrast: 'local-mean' },
  augmentation: { diagonalFlip: 0, rotation: 0 },
  training: { epochs: 4, batchSize: 8, learningRate: 1e-3, schedule: { kind: 'linear' } },
};
