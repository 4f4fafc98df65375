import { type AttentionMode, NonLocalAttention } from '@nonlocal-med/nonlocal';
import type { InitialRule } from '@nonlocal-med/tensor';
import * as tfl from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import type { BuildOptions } from '../backbones/backbone.js';
import { BatchNormalization } from '../layers/batchNormalization.js';
import { PaddedConvolution } from '../layers/convolution.js';
import { sequential } from '../layers/sequential.js';
import { attentionOptions, headOptions, listOf, type OptionFields } from '../modelOptions.js';
import { classificationHead } from './classificationHead.js';

const PAIRWISE = ['gaussian', 'embedded', 'dot', 'concat'] as const;
const BLOCKS = [1, 2, 3, 4].flatMap((layer) => [`layer${layer}.0`, `layer${layer}.1`]);

export const nonLocalBlocksOptions = {
  pairwise: z.enum(PAIRWISE).default('embedded').describe('How a pair of positions is compared.'),
  placement: listOf(...BLOCKS)
    .default(['layer2.1', 'layer3.1'])
    .describe('Residual blocks that a non-local block follows.'),
  scale: attentionOptions.scale,
  subSample: attentionOptions.subSample,
  batchNorm: z
    .boolean()
    .default(true)
    .describe('Batch normalization, starting at 0, after the last convolution.'),
  ...headOptions,
} satisfies OptionFields;

/**
 * Non-local blocks (Wang et al. 2018; facebookresearch/video-nonlocal-net) between residual blocks
 * (docs/specification.md, section 4.3).
 */
export function nonLocalBlocks(
  image: tfl.SymbolicTensor,
  options: BuildOptions,
): tfl.SymbolicTensor {
  const { last } = options.backbone(image, {
    ...options,
    replace: (map, [block]) =>
      options.placement.includes(block) ? nonLocalBlock(map, blockName(block), options) : map,
  });
  return classificationHead(last, options);
}

/** nl3 after layer3.1, nl3.0 after layer3.0. */
function blockName(residualBlock: string): string {
  return `nl${residualBlock.slice('layer'.length).replace(/\.1$/, '')}`;
}

/** Initial 1x1 convolutions in the authors' code; biases start at 0. */
const INITIAL: InitialRule = { normal: 0.01 };

/** x + bn(out(attention over x)), [B, H, W, C] -> the same; the inner width is C / 2. */
function nonLocalBlock(
  x: tfl.SymbolicTensor,
  name: string,
  { pairwise, scale, subSample, batchNorm, seed }: BuildOptions,
): tfl.SymbolicTensor {
  const channels = x.shape[3]!;
  const mode: AttentionMode = pairwise === 'embedded' ? 'softmax' : pairwise;
  const attention = new NonLocalAttention({
    name,
    mode,
    scale,
    subSample,
    valueChannels: channels / 2,
    initial: INITIAL,
    initialBias: 0,
    seed,
  });
  const out = new PaddedConvolution({
    name: `${name}.out`,
    filters: channels,
    size: 1,
    useBias: true,
    initial: batchNorm ? INITIAL : 0,
    initialBias: 0,
    seed,
  });
  const bn = new BatchNormalization({ name: `${name}.bn`, initialScale: 0, seed });
  const y = sequential(x, attention, out, ...(batchNorm ? [bn] : []));
  return sequential([x, y], tfl.layers.add({ name: `${name}.add` }));
}
