import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { SqueezeExcitation } from '../layers/squeezeExcitation.js';
import { headOptions } from '../options/headOptions.js';
import type { Variation } from './variation.js';

/** SE gate in every residual block, before the addition (spec 4.1). */
export const squeezeExcitation: Variation = {
  description: 'squeeze-and-excitation in every block',
  options: {
    reduction: {
      kind: 'integer',
      minimum: 1,
      maximum: 64,
      default: 16,
      description: 'C / reduction hidden units',
    },
    useBias: {
      kind: 'boolean',
      default: true,
      description: 'biases in the gate, as in the official model',
    },
    ...headOptions,
  },
  hooks: ({ options: { reduction, useBias }, seed }) => ({
    gate: (x, block) =>
      new SqueezeExcitation({ name: `${block}.att`, reduction, useBias, seed }).apply(
        x,
      ) as SymbolicTensor,
  }),
};
