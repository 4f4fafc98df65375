import type { OptionSpecs } from './optionSpec.js';

/** Options of the non-local attention module (spec 3.1). */
export const attentionOptions: OptionSpecs = {
  namAt: {
    kind: 'choice',
    choices: ['conv1', 'stem', 'e1', 'e2', 'e3', 'e4'],
    default: 'e1',
    description: 'map that the attention reads: before the pooling, after it, or behind an encoder',
  },
  mode: {
    kind: 'choice',
    choices: ['softmax', 'gaussian', 'dot', 'concat'],
    default: 'softmax',
    description: 'how a pair of positions is weighed',
  },
  scale: {
    kind: 'choice',
    choices: [1, 'inverse-sqrt'],
    default: 1,
    description: 'factor on the dot products',
  },
  residual: {
    kind: 'choice',
    choices: ['none', 'add', 'gamma'],
    default: 'none',
    description: 'what is added inside the attention module',
  },
  subSample: {
    kind: 'choice',
    choices: ['none', 'input', 'projection'],
    default: 'none',
    description: 'where keys and values are pooled 2 x 2',
  },
};
