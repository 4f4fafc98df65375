import { type AttentionMode, NonLocalAttention } from '@nonlocal-med/nonlocal';
import * as tfl from '@tensorflow/tfjs-layers';
import { BatchNormalization } from '../layers/batchNormalization.js';
import type { InitialRule } from '../layers/initialRule.js';
import { PaddedConvolution } from '../layers/paddedConvolution.js';
import { attentionOptions } from '../options/attentionOptions.js';
import { headOptions } from '../options/headOptions.js';
import type { Variation, VariationContext } from './variation.js';

const POSITIONS = [1, 2, 3, 4].flatMap((layer) => [`layer${layer}.0`, `layer${layer}.1`]);
const MODES: Readonly<Record<string, AttentionMode>> = {
  gaussian: 'gaussian',
  embedded: 'softmax',
  dot: 'dot',
  concat: 'concat',
};

/** Start of the 1x1 convolutions in the authors' code. */
const INITIAL: InitialRule = { normal: 0.01 };

/** Non-local blocks (Wang et al. 2018; facebookresearch/video-nonlocal-net) between residual blocks (spec 4.3). */
export const nonLocalBlocks: Variation = {
  description: 'non-local blocks between residual blocks',
  options: {
    pairwise: {
      kind: 'choice',
      choices: ['gaussian', 'embedded', 'dot', 'concat'],
      default: 'embedded',
      description: 'how a pair of positions is weighed',
    },
    placement: {
      kind: 'list',
      choices: POSITIONS,
      default: ['layer2.1', 'layer3.1'],
      description: 'residual blocks that a non-local block follows',
    },
    scale: attentionOptions.scale,
    subSample: attentionOptions.subSample,
    batchNorm: {
      kind: 'boolean',
      default: true,
      description: 'batch normalisation, starting at 0, after the last convolution',
    },
    ...headOptions,
  },
  hooks: (context) => ({
    after: (position, x) =>
      context.options.placement.includes(position)
        ? nonLocalBlock(x, blockName(position), context)
        : x,
    initial: new Map(
      context.options.placement.map((position) => [
        blockName(position),
        { weight: INITIAL, bias: 0 },
      ]),
    ),
  }),
};

/** nl3 after layer3.1, nl3.0 after layer3.0. */
function blockName(position: string): string {
  return `nl${position.slice('layer'.length).replace(/\.1$/, '')}`;
}

/** x + bn(out(attention over x)), the inner width half of x's. */
function nonLocalBlock(
  x: tfl.SymbolicTensor,
  name: string,
  { options, seed }: VariationContext,
): tfl.SymbolicTensor {
  const { pairwise, scale, subSample, batchNorm } = options;
  const channels = x.shape[3]!;
  let y = new NonLocalAttention({
    name,
    mode: MODES[pairwise],
    scale,
    subSample,
    valueChannels: channels / 2,
    seed: seed ?? 0,
  }).apply(x) as tfl.SymbolicTensor;
  y = new PaddedConvolution({
    name: `${name}.out`,
    filters: channels,
    size: 1,
    useBias: true,
    initial: batchNorm ? INITIAL : 0,
    initialBias: 0,
    seed,
  }).apply(y) as tfl.SymbolicTensor;
  if (batchNorm)
    y = new BatchNormalization({ name: `${name}.bn`, initialScale: 0, seed }).apply(
      y,
    ) as tfl.SymbolicTensor;
  return tfl.layers.add({ name: `${name}.add` }).apply([x, y]) as tfl.SymbolicTensor;
}
