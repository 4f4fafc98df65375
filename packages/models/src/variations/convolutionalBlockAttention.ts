import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { ConvolutionalBlockAttention } from '../layers/convolutionalBlockAttention.js';
import { headOptions } from '../options/headOptions.js';
import type { Variation } from './variation.js';

/** CBAM in every residual block, before the addition (spec 4.2). */
export const convolutionalBlockAttention: Variation = {
  description: 'convolutional block attention in every block',
  options: {
    reduction: {
      kind: 'integer',
      minimum: 1,
      maximum: 64,
      default: 16,
      description: 'C / reduction hidden units',
    },
    ...headOptions,
  },
  hooks: ({ options: { reduction }, seed }) => ({
    gate: (x, block) =>
      new ConvolutionalBlockAttention({ name: `${block}.att`, reduction, seed }).apply(
        x,
      ) as SymbolicTensor,
  }),
};
