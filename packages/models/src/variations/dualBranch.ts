import { type FusionOperator, NonLocalContextFusion } from '@nonlocal-med/nonlocal';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { attentionOptions } from '../options/attentionOptions.js';
import { headOptions } from '../options/headOptions.js';
import { attentionModule } from './attentionModule.js';
import type { Variation } from './variation.js';

const OPERATORS: readonly FusionOperator[] = ['average', 'max', 'bilinear'];

/**
 * The paper's two branches (spec 3.2): the backbone up to encoder 4, and the attention map brought to its size; both
 * joined as `fused`.
 */
function dualBranch(description: string, fusion: readonly FusionOperator[]): Variation {
  return {
    description,
    options: {
      ...attentionOptions,
      taps: {
        kind: 'choice',
        choices: ['layers', 'stem', 'conv5'],
        default: 'layers',
        description: 'what counts as encoders 1 to 4; conv5 (ShuffleNetV2): the fourth is conv5',
      },
      fusion: {
        kind: 'list',
        choices: OPERATORS,
        default: fusion,
        description: "operators that bring the attention map to encoder 4's size",
      },
      pools: {
        kind: 'choice',
        choices: ['adaptive', 'plain'],
        default: 'adaptive',
        description: 'bins of average and max: adaptive, or windows of one size at one stride',
      },
      ...headOptions,
    },
    hooks: (context) => {
      let attended: SymbolicTensor;
      return {
        lastPosition: context.encoders[3],
        after: (position, x) => {
          if (position === context.attentionPosition) attended = attentionModule(x, context);
          return x;
        },
        fuse: (x) =>
          new NonLocalContextFusion({
            name: 'fused',
            operators: context.options.fusion,
            pools: context.options.pools,
          }).apply([x, attended]) as SymbolicTensor,
      };
    },
  };
}

/** "+NAM+DB" of Table 1: one operator. */
export const parallel = dualBranch('attention branch in parallel, reduced by one operator', [
  'average',
]);

/** The full method, "+NAM+DB+NVCF". */
export const fullMethod = dualBranch(
  'the full method: attention branch in parallel, joined by non-local context fusion',
  OPERATORS,
);
