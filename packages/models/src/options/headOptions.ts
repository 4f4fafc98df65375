import type { OptionSpecs } from './optionSpec.js';

/** The step from the last feature map to the classifier (spec section 0). */
export const headOptions: OptionSpecs = {
  head: {
    kind: 'choice',
    choices: ['gap', 'flatten'],
    default: 'gap',
    description: 'global average pooling or flattening before the classifier',
  },
};
