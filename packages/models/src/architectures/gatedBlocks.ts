import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import type { BuildOptions } from '../backbones/backbone.js';
import { ConvolutionalBlockAttention } from '../layers/convolutionalBlockAttention.js';
import { sequential } from '../layers/sequential.js';
import { SqueezeExcitation } from '../layers/squeezeExcitation.js';
import { headOptions, type OptionFields } from '../modelOptions.js';
import { classificationHead } from './classificationHead.js';

const reductionOption = z
  .int()
  .min(1)
  .max(64)
  .default(16)
  .describe('The gate has C / reduction hidden units.');

export const squeezeExcitationOptions = {
  reduction: reductionOption,
  useBias: z
    .boolean()
    .default(true)
    .describe('Whether the gate has biases, as in the official implementation.'),
  ...headOptions,
} satisfies OptionFields;

/** SE (Hu et al. 2018): a channel gate in every residual block, before the addition (docs/specification.md, section 4.1). */
export function squeezeExcitation(image: SymbolicTensor, options: BuildOptions): SymbolicTensor {
  const { reduction, useBias, seed } = options;
  const { last } = options.backbone(image, {
    ...options,
    gate: (branch, block) =>
      sequential(branch, new SqueezeExcitation({ name: `${block}.att`, reduction, useBias, seed })),
  });
  return classificationHead(last, options);
}

export const convolutionalBlockAttentionOptions = {
  reduction: reductionOption,
  ...headOptions,
} satisfies OptionFields;

/**
 * CBAM (Woo et al. 2018): a channel and a spatial gate in every residual block, before the addition
 * (docs/specification.md, section 4.2).
 */
export function convolutionalBlockAttention(
  image: SymbolicTensor,
  options: BuildOptions,
): SymbolicTensor {
  const { reduction, seed } = options;
  const { last } = options.backbone(image, {
    ...options,
    gate: (branch, block) =>
      sequential(
        branch,
        new ConvolutionalBlockAttention({ name: `${block}.att`, reduction, seed }),
      ),
  });
  return classificationHead(last, options);
}
