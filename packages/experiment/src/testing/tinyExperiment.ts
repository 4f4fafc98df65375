import type { RawOptions } from '@nonlocal-med/pipeline';
import type { ExperimentDefinition } from '../experimentSchema.js';

/** Two rows that take seconds: 40 synthetic images of 64 pixels (48 for the network), two steps. */
export const tinyExperiment: ExperimentDefinition = {
  name: 'tiny',
  rows: [
    {
      key: 'small',
      title: 'ShuffleNetV2 x0.5',
      options: { model: { name: 'shufflenetv2', width: 0.5 } },
    },
    { key: 'method', options: { model: { name: 'shufflenetv2-nla', width: 0.5 } } },
  ],
  repeats: { count: 2 },
};

/** Options for the runs of {@link tinyExperiment}. */
export const tinyOptions: RawOptions = {
  data: { kind: 'tiny-lesions', images: 40, size: 64, classes: 2 },
  split: { test: 0.4, validation: 0.3 },
  preprocessing: { size: 48, contrast: 'none' },
  training: { epochs: 1, batchSize: 8, learningRate: 1e-3, checkpointEverySteps: 1 },
  loader: { workers: 0 },
  engine: { backend: process.env.NONLOCAL_MED_REQUIRE_NATIVE === '1' ? 'native' : 'auto' },
};
