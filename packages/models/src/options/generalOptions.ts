import type { OptionSpecs } from './optionSpec.js';

/** Options of every model. */
export const generalOptions: OptionSpecs = {
  classes: { kind: 'integer', minimum: 2, maximum: 100_000, description: 'number of classes' },
  inputSize: {
    kind: 'size',
    minimum: 32,
    description: 'pixels of the input, one number or [height, width]; any size when left out',
  },
  seed: { kind: 'integer', minimum: 0, default: 0, description: 'seed of the initial weights' },
  probabilities: { kind: 'boolean', default: false, description: 'append a softmax to the logits' },
};
